import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";

import { describe, expect, test } from "vitest";

import type { Report } from "../../../shared/audit/report.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import type { RoleSeed, World } from "../../emulator/world.ts";
import { CLI_CONFIG, homeFolder } from "../../harness/home-folder.ts";
import { runCli } from "../../harness/run-cli.ts";
import { runMain } from "../../harness/run-main.ts";
import { type CatcherAnswer, startWebhookCatcher } from "../../harness/webhook-catcher.ts";

/** The account that is meant, and the one that must never be asked instead. */
const [MEANT, OTHER] = ["1000000000000001", "2000000000000002"];
const MEANT_KEY = {
  accessKeyId: "LTAI5tMeantKey0001",
  accessKeySecret: "meant-secret-1a",
  accountId: MEANT,
  arn: `acs:ram::${MEANT}:user/meant`,
};
const OTHER_KEY = {
  accessKeyId: "STS.OtherKey0002",
  accessKeySecret: "other-secret-2b",
  securityToken: "other-token-2c",
  accountId: OTHER,
  arn: `acs:ram::${OTHER}:user/other`,
};
const ROLE_ARN = `acs:ram::${MEANT}:role/auditor`;
const SECRETS = [
  ...[MEANT_KEY.accessKeyId, MEANT_KEY.accessKeySecret],
  ...[OTHER_KEY.accessKeyId, OTHER_KEY.accessKeySecret, OTHER_KEY.securityToken],
];

/** Keys of the meant account as a profile has them. */
const AK = {
  mode: "AK",
  access_key_id: MEANT_KEY.accessKeyId,
  access_key_secret: MEANT_KEY.accessKeySecret,
};
const OTHER_STS = {
  mode: "StsToken",
  access_key_id: OTHER_KEY.accessKeyId,
  access_key_secret: OTHER_KEY.accessKeySecret,
  sts_token: OTHER_KEY.securityToken,
};
const MEANT_ENV = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: MEANT_KEY.accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: MEANT_KEY.accessKeySecret,
};
const OTHER_ENV = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: OTHER_KEY.accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: OTHER_KEY.accessKeySecret,
  ALIBABA_CLOUD_SECURITY_TOKEN: OTHER_KEY.securityToken,
};
const ROLE = { mode: "RamRoleArn", ram_role_arn: ROLE_ARN };

type Env = Readonly<Record<string, string>>;

/** What a user has: files in the home folder, variables, flags; and what the cloud holds. */
interface Setting {
  /** The profiles of the aliyun command line, by name; text is the file as it is. */
  readonly profiles?: Readonly<Record<string, object>> | string;
  readonly current?: string;
  /** More files of the home folder. `~` in a variable stands for the folder. */
  readonly files?: Readonly<Record<string, unknown>>;
  readonly env?: Env;
  readonly args?: readonly string[];
  readonly roles?: Readonly<Record<string, RoleSeed>>;
  readonly faults?: World["faults"];
  readonly run?: typeof runMain;
}

/**
 * Audits an emulated cloud that knows both accounts' keys. Where nothing else is chosen, a
 * credentials URI gives the other account's: whoever goes on looking finds those.
 */
async function audit(setting: Setting) {
  const { profiles, current, env = {}, args = [], roles = {}, faults = {} } = setting;
  await using emulator = await startEmulator({
    regions: { "cn-a": { activated: true } },
    keys: [MEANT_KEY, OTHER_KEY],
    roles,
    faults,
  });
  await using trap = await startWebhookCatcher([
    {
      status: 200,
      body: JSON.stringify({
        Code: "Success",
        AccessKeyId: OTHER_KEY.accessKeyId,
        AccessKeySecret: OTHER_KEY.accessKeySecret,
        SecurityToken: OTHER_KEY.securityToken,
        Expiration: "2099-01-01T00:00:00Z",
      }),
    },
  ]);
  const config =
    typeof profiles === "object"
      ? { current, profiles: Object.entries(profiles).map(([name, p]) => ({ name, ...p })) }
      : profiles;
  await using home = await homeFolder({
    ...setting.files,
    ...(config !== undefined && { [CLI_CONFIG]: config }),
  });
  const written = async () => (config === undefined ? null : home.read(CLI_CONFIG));
  const before = await written();
  const result = await (setting.run ?? runMain)(["audit", "--format", "json", ...args], {
    HOME: home.path,
    FLOWLOG_GUARD_VPC_ENDPOINT: emulator.endpoint,
    FLOWLOG_GUARD_STS_ENDPOINT: emulator.endpoint,
    ALIBABA_CLOUD_CREDENTIALS_URI: trap.url,
    ...Object.fromEntries(
      Object.entries(env).map(([name, value]) => [name, value.replace("~", home.path)]),
    ),
  });
  expect(await written()).toBe(before);
  for (const secret of SECRETS) expect(result.stdout + result.stderr).not.toContain(secret);
  return { ...result, requests: emulator.requests };
}

function callerOf({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) {
  if (stdout === "") throw new Error(stderr);
  return (JSON.parse(stdout) as Report).caller;
}

function assumptionsOf(requests: Emulator["requests"]) {
  return requests.filter(({ action }) => action.startsWith("AssumeRole"));
}

describe("what the user chose is audited", () => {
  const both = { meant: AK, other: OTHER_STS };
  const spelled = Object.fromEntries(
    Object.entries(MEANT_ENV).map(([name, value]) => [
      name.replace("ALIBABA_CLOUD_", "ALIBABACLOUD_"),
      value,
    ]),
  );
  const sharedFile = `[default]\ntype = access_key\naccess_key_id = ${MEANT_KEY.accessKeyId}\naccess_key_secret = ${MEANT_KEY.accessKeySecret}\n`;

  test.each<[string, Setting]>([
    [
      "--profile, whatever the environment says",
      {
        profiles: both,
        current: "other",
        env: OTHER_ENV,
        args: ["--profile", "meant"],
        run: runCli,
      },
    ],
    [
      "--profile, whatever ALIBABA_CLOUD_PROFILE says",
      {
        profiles: both,
        current: "other",
        env: { ALIBABA_CLOUD_PROFILE: "other" },
        args: ["--profile", "meant"],
      },
    ],
    ["keys, whatever the current profile is", { profiles: both, current: "other", env: MEANT_ENV }],
    ["ALIBABACLOUD_ACCESS_KEY_ID", { profiles: both, current: "other", env: spelled, run: runCli }],
    [
      "ALIBABACLOUD_PROFILE",
      { profiles: both, current: "other", env: { ALIBABACLOUD_PROFILE: "meant" }, run: runCli },
    ],
    [
      "both spellings, where they say the same",
      {
        profiles: both,
        env: { ALIBABA_CLOUD_PROFILE: "meant", ALIBABACLOUD_PROFILE: "meant" },
      },
    ],
    ["the current profile", { profiles: both, current: "meant" }],
    ["the profile default where none is current", { profiles: { default: AK } }],
    [
      "a profile in a file with a byte order mark",
      {
        profiles: `\uFEFF${JSON.stringify({ current: "meant", profiles: [{ name: "meant", ...AK }] })}`,
        run: runCli,
      },
    ],
    [
      "a credentials file that is named",
      { files: { "keys.ini": sharedFile }, env: { ALIBABA_CLOUD_CREDENTIALS_FILE: "~/keys.ini" } },
    ],
    ["the SDKs' own credentials file", { files: { ".alibabacloud/credentials": sharedFile } }],
    [
      "a section of it, by ALIBABA_CLOUD_PROFILE",
      {
        profiles: { other: OTHER_STS },
        current: "other",
        files: { ".alibabacloud/credentials": sharedFile.replace("default", "mine") },
        env: { ALIBABA_CLOUD_PROFILE: "mine" },
      },
    ],
  ])("%s", async (_what, setting) => {
    const result = await audit(setting);
    expect(callerOf(result)).toEqual({ accountId: MEANT, arn: MEANT_KEY.arn });
    expect(result.exitCode).toBe(0);
  });

  test("nothing: the services are asked that know whoever is there", async () => {
    expect(callerOf(await audit({}))).toMatchObject({ accountId: OTHER });
  });
});

describe("what was chosen and cannot be used is exit 3, and no other account is asked", () => {
  const expired = Math.floor(Date.now() / 1_000) - 60;
  const loggedIn = expired + 3_600;
  const sso = {
    mode: "CloudSSO",
    cloud_sso_sign_in_url: "https://signin.example",
    cloud_sso_account_id: MEANT,
    cloud_sso_access_config: "ac-1",
    access_token: "sso-token",
    cloud_sso_access_token_expire: loggedIn,
  };

  test.each<[string, Setting, string]>([
    [
      "ALIBABA_CLOUD_PROFILE names no profile",
      { profiles: { dev: AK, ops: AK }, env: { ALIBABA_CLOUD_PROFILE: "prod" }, run: runCli },
      "The profile prod, chosen by ALIBABA_CLOUD_PROFILE, cannot be used: there is no such profile in",
    ],
    [
      "and those that there are are named",
      { profiles: { dev: AK, ops: AK }, args: ["--profile", "prod"] },
      "Those there are: dev, ops.",
    ],
    [
      "there is no file of profiles",
      { args: ["--profile", "prod"] },
      "chosen by --profile, cannot be used: there is no ",
    ],
    ["--profile is empty", { args: ["--profile", ""] }, "--profile: is empty"],
    [
      "current names no profile",
      { profiles: { dev: AK }, current: "gone", run: runCli },
      "The profile gone, the current one in",
    ],
    [
      "its mode is not known",
      { profiles: { prod: { ...AK, mode: "RsaKeyPair" } }, current: "prod", run: runCli },
      "its mode RsaKeyPair is not known. Those known are AK, StsToken, RamRoleArn,",
    ],
    ["its mode is missing", { profiles: { prod: {} }, current: "prod" }, "its mode is missing"],
    [
      "it has no keys",
      { profiles: { prod: { ...AK, access_key_id: "" } }, current: "prod" },
      "access_key_id is missing or empty",
    ],
    [
      "config.json is broken",
      { profiles: `{\n "current": "prod",\n "profiles": [ { "name" "prod" } ]\n}`, run: runCli },
      "config.json is not JSON, see line 3",
    ],
    [
      "config.json is cut",
      {
        profiles: `{"current":"prod","profiles":[{"name":"prod","access_key_secret":"${MEANT_KEY.accessKeySecret}`,
      },
      "config.json is not JSON",
    ],
    [
      "config.json is of another shape",
      { profiles: `{"current":"prod","profiles":{}}` },
      "profiles is missing or of the wrong type",
    ],
    [
      "the CloudSSO log-in expired",
      {
        profiles: { prod: { ...sso, cloud_sso_access_token_expire: expired } },
        current: "prod",
        run: runCli,
      },
      ".000Z. Log in again: aliyun configure --profile prod",
    ],
    [
      "nobody is logged in at CloudSSO",
      { profiles: { prod: { ...sso, access_token: "" } }, current: "prod" },
      "nobody is logged in. Log in again: aliyun configure --profile prod",
    ],
    [
      "the OAuth log-in expired",
      {
        profiles: {
          prod: {
            mode: "OAuth",
            oauth_site_type: "CN",
            oauth_access_token: "t",
            oauth_refresh_token: "r",
            oauth_access_token_expire: expired,
          },
        },
        current: "prod",
        run: runCli,
      },
      ".000Z. Log in again: aliyun configure --profile prod",
    ],
    [
      "CloudSSO is asked in the clear",
      {
        profiles: { prod: { ...sso, cloud_sso_sign_in_url: "http://signin.example" } },
        current: "prod",
      },
      "cloud_sso_sign_in_url is not an https address",
    ],
    [
      "the credentials file is missing",
      { env: { ALIBABA_CLOUD_CREDENTIALS_FILE: "~/gone.ini" }, run: runCli },
      "of the file that ALIBABA_CLOUD_CREDENTIALS_FILE names cannot be used: there is no file",
    ],
    [
      "the credentials file has no such section",
      {
        files: { "keys.ini": "[ops]\ntype = access_key\n" },
        env: { ALIBABA_CLOUD_CREDENTIALS_FILE: "~/keys.ini" },
      },
      "Those there are: ops.",
    ],
    [
      "its sts_endpoint is an IPv6 address without brackets",
      {
        profiles: { prod: { ...AK, ...ROLE, sts_endpoint: "::1:8080" } },
        current: "prod",
        env: { FLOWLOG_GUARD_STS_ENDPOINT: "unset" },
      },
      "sts_endpoint is an IPv6 address without brackets: write [::1]",
    ],
    [
      "its credentials URI has an IPv6 address without brackets",
      {
        profiles: { prod: { mode: "CredentialsURI", credentials_uri: "http://::1/keys" } },
        current: "prod",
      },
      "the credentials URI is an IPv6 address without brackets: write [::1]",
    ],
    [
      "the profile is of the instance, and the metadata is switched off",
      { profiles: { prod: { mode: "EcsRamRole", ram_role_name: "r" } }, current: "prod" },
      "which ALIBABA_CLOUD_ECS_METADATA_DISABLED switches off",
    ],
    [
      "the source of a role is missing",
      {
        profiles: { prod: { ...ROLE, mode: "ChainableRamRoleArn", source_profile: "base" } },
        current: "prod",
      },
      "its source_profile base cannot be used: there is no such profile",
    ],
    [
      "the sources of a role go round",
      {
        profiles: {
          a: { ...ROLE, mode: "ChainableRamRoleArn", source_profile: "b" },
          b: { ...ROLE, mode: "ChainableRamRoleArn", source_profile: "a" },
        },
        current: "a",
      },
      "its source_profile leads back to itself: a -> b -> a.",
    ],
    [
      "the role is no ARN",
      { profiles: { prod: { ...AK, ...ROLE, ram_role_arn: "auditor" } }, current: "prod" },
      "the role is not an ARN",
    ],
    [
      "the role lives too short",
      { profiles: { prod: { ...AK, ...ROLE, expired_seconds: 60 } }, current: "prod" },
      "expired_seconds is less than 900",
    ],
    [
      "the OIDC token is missing",
      {
        env: {
          ALIBABA_CLOUD_ROLE_ARN: ROLE_ARN,
          ALIBABA_CLOUD_OIDC_PROVIDER_ARN: `acs:ram::${MEANT}:oidc-provider/ack`,
          ALIBABA_CLOUD_OIDC_TOKEN_FILE: "~/gone",
        },
        run: runCli,
      },
      "the file with the OIDC token",
    ],
    [
      "the OIDC set is not whole",
      { env: { ALIBABA_CLOUD_ROLE_ARN: ROLE_ARN } },
      "ALIBABA_CLOUD_ROLE_ARN cannot be used: for OIDC, ALIBABA_CLOUD_OIDC_PROVIDER_ARN and ALIBABA_CLOUD_OIDC_TOKEN_FILE must be set too",
    ],
    [
      "half of the keys is set, in the other spelling",
      { env: { ALIBABACLOUD_ACCESS_KEY_ID: MEANT_KEY.accessKeyId } },
      "ALIBABA_CLOUD_ACCESS_KEY_SECRET is not set, or empty",
    ],
    [
      "a token is set without keys",
      { env: { ALIBABA_CLOUD_SECURITY_TOKEN: "t" } },
      "ALIBABA_CLOUD_SECURITY_TOKEN is set without the keys",
    ],
    [
      "keys and a profile are chosen",
      { profiles: { prod: AK }, env: { ...OTHER_ENV, ALIBABA_CLOUD_PROFILE: "prod" }, run: runCli },
      "ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_PROFILE are both set",
    ],
    [
      "keys and OIDC are chosen",
      {
        env: {
          ...OTHER_ENV,
          ALIBABA_CLOUD_ROLE_ARN: ROLE_ARN,
          ALIBABA_CLOUD_OIDC_PROVIDER_ARN: "p",
          ALIBABA_CLOUD_OIDC_TOKEN_FILE: "~/token",
        },
        run: runCli,
      },
      "ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_OIDC_TOKEN_FILE are both set",
    ],
    [
      "the two spellings differ",
      {
        profiles: { a: AK, b: OTHER_STS },
        env: { ALIBABA_CLOUD_PROFILE: "a", ALIBABACLOUD_PROFILE: "b" },
        run: runCli,
      },
      "ALIBABA_CLOUD_PROFILE and ALIBABACLOUD_PROFILE are both set, and differ",
    ],
  ])("%s", async (_what, setting, message) => {
    const { exitCode, stdout, stderr, requests } = await audit(setting);
    expect(stderr).toContain(message);
    expect({ exitCode, stdout, requests }).toEqual({ exitCode: 3, stdout: "", requests: [] });
  });
});

describe("a role", () => {
  const roles = { [ROLE_ARN]: { trusts: [MEANT_KEY.accessKeyId] } };
  const isAssumed = {
    accountId: MEANT,
    arn: expect.stringMatching(
      new RegExp(`^acs:ram::${MEANT}:assumed-role/auditor/flowlog-guard-[0-9a-f]{8}$`),
    ),
  };

  test("is assumed with the keys beside ALIBABA_CLOUD_ROLE_ARN", async () => {
    const env = { ...MEANT_ENV, ALIBABA_CLOUD_ROLE_ARN: ROLE_ARN };
    const result = await audit({ env, roles, run: runCli });
    expect(callerOf(result)).toEqual(isAssumed);
    expect((JSON.parse(result.stdout) as Report).runId).toContain(
      String(callerOf(result)?.arn).slice(-8),
    );
  });

  test("is assumed with the token of a pod", async () => {
    const env = {
      ALIBABA_CLOUD_ROLE_ARN: ROLE_ARN,
      ALIBABA_CLOUD_OIDC_PROVIDER_ARN: `acs:ram::${MEANT}:oidc-provider/ack`,
      ALIBABA_CLOUD_OIDC_TOKEN_FILE: "~/token",
    };
    const files = { token: "pod-token-77\n" };
    const setting = { env, files, run: runCli };
    const trusting = { [ROLE_ARN]: { oidcToken: "pod-token-77" } };
    const profiles = { other: OTHER_STS };
    const result = await audit({ ...setting, profiles, current: "other", roles: trusting });
    expect(callerOf(result)).toEqual(isAssumed);
    const refused = await audit({ ...setting, roles: { [ROLE_ARN]: { oidcToken: "another" } } });
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toContain("(HTTP 400, AuthenticationFail.OIDCToken.Invalid)");
    expect(refused.stderr).not.toContain("pod-token-77");
  });

  test("is assumed with its profile's external id and session name", async () => {
    const prod = {
      ...AK,
      ...ROLE,
      external_id: "external-9",
      ram_session_name: "jane",
      expired_seconds: 1_800,
    };
    const trusting = { [ROLE_ARN]: { externalId: "external-9" } };
    const result = await audit({
      profiles: { prod },
      args: ["--profile", "prod"],
      roles: trusting,
      run: runCli,
    });
    expect(callerOf(result)?.arn).toBe(`acs:ram::${MEANT}:assumed-role/auditor/jane`);
    expect(assumptionsOf(result.requests)).toMatchObject([
      { form: { ExternalId: "external-9", DurationSeconds: "1800" } },
    ]);
  });

  test("is assumed with what its source profile gives, at any depth", async () => {
    const arns = ["one", "two", "three"].map((name) => `acs:ram::${MEANT}:role/${name}`);
    const result = await audit({
      profiles: {
        base: AK,
        one: { mode: "ChainableRamRoleArn", ram_role_arn: arns[0], source_profile: "base" },
        two: { mode: "ChainableRamRoleArn", ram_role_arn: arns[1], source_profile: "one" },
        three: { mode: "ChainableRamRoleArn", ram_role_arn: arns[2], source_profile: "two" },
      },
      args: ["--profile", "three"],
      roles: Object.fromEntries(arns.map((arn) => [arn, {}])),
    });
    expect(callerOf(result)?.arn).toContain(":assumed-role/three/");
    const signers = assumptionsOf(result.requests).map(({ accessKeyId }) => accessKeyId);
    expect(signers).toHaveLength(3);
    expect(signers[0]).toBe(MEANT_KEY.accessKeyId);
    expect(new Set(signers).size).toBe(3);
  });

  test.each<[string, Readonly<Record<string, RoleSeed>>, string]>([
    [
      "refused",
      { [ROLE_ARN]: { trusts: [] } },
      "(HTTP 403, NoPermission), which has three causes: the identity that assumes the role lacks sts:AssumeRole",
    ],
    [
      "refused for its external id",
      { [ROLE_ARN]: { externalId: "another" } },
      "or asks for another external id",
    ],
    ["not there", {}, "There is no such role (HTTP 404, EntityNotExist.Role)"],
    ["expired when it comes", { [ROLE_ARN]: { lifetimeMs: -1_000 } }, "has already expired"],
  ])("that is %s is asked for once, and exit 3", async (_what, seeds, message) => {
    const env = { ...MEANT_ENV, ALIBABA_CLOUD_ROLE_ARN: ROLE_ARN };
    const { exitCode, stderr, requests } = await audit({ env, roles: seeds });
    expect(stderr).toContain("The role of ALIBABA_CLOUD_ROLE_ARN cannot be used: ");
    expect(stderr).toContain(message);
    expect(exitCode).toBe(3);
    expect(requests.map(({ action }) => action)).toEqual(["AssumeRole"]);
  });

  test("that a profile names and that is refused is exit 3, and no other account is audited", async () => {
    const { exitCode, stderr, requests } = await audit({
      profiles: { prod: { ...AK, ...ROLE } },
      current: "prod",
      roles: { [ROLE_ARN]: { trusts: [] } },
      args: ["--verbose"],
      run: runCli,
    });
    expect({ exitCode, asked: requests.map(({ action }) => action) }).toEqual({
      exitCode: 3,
      asked: ["AssumeRole"],
    });
    expect(stderr).toContain("The profile prod, the current one in ");
    expect(stderr).not.toMatch(/https?:|Signature=/);
  });

  test.each<World["faults"]>([
    { AssumeRole: { kind: "throttled", times: 1 } },
    { AssumeRole: { kind: "json-500", times: 2 } },
    { AssumeRole: { kind: "reset", times: 1 } },
    { AssumeRole: { kind: "html-503", times: 3 } },
    { AssumeRole: { kind: "hang", times: 1 } },
  ])("is asked for again where it may pass: %j", async (faults) => {
    const env = { ...MEANT_ENV, ALIBABA_CLOUD_ROLE_ARN: ROLE_ARN };
    expect(callerOf(await audit({ env, roles, faults }))).toEqual(isAssumed);
  });
});

describe("a profile of mode External", () => {
  const script = (line: string) => `#!${process.execPath}\n${line}\n`;
  const external = async (line: string, run?: typeof runMain) => {
    await using tools = await homeFolder();
    const tool = join(tools.path, "key tool");
    await writeFile(tool, script(line));
    await chmod(tool, 0o700);
    const prod = { mode: "External", process_command: `"${tool}" --for prod` };
    return await audit({ profiles: { prod }, current: "prod", ...(run && { run }) });
  };

  test("is asked by its command, and nothing is written", async () => {
    const keys = JSON.stringify(AK);
    const line = `if (process.argv[2] === "--for") console.log(${JSON.stringify(keys)});`;
    expect(callerOf(await external(line, runCli))).toMatchObject({ accountId: MEANT });
  });

  test.each([
    ["console.error('leak-4f'); process.exit(7);", "its process_command ended with exit code 7."],
    ["console.log('leak-4f');", "what its process_command printed are no keys"],
    [
      `console.log('{"mode":"StsToken","access_key_id":"a","access_key_secret":"leak-4f"}');`,
      "what its process_command printed are no keys",
    ],
  ])("of which %s is exit 3", async (line, message) => {
    const { exitCode, stderr, requests } = await external(line);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("leak-4f");
    expect({ exitCode, requests }).toEqual({ exitCode: 3, requests: [] });
  });

  test.each([
    ["/nonexistent/tool", "its process_command could not be run (ENOENT)."],
    ["'open", "has a quote that is not closed"],
  ])("whose command is %s is exit 3", async (command, message) => {
    const prod = { mode: "External", process_command: command };
    const { exitCode, stderr } = await audit({ profiles: { prod }, current: "prod" });
    expect(stderr).toContain(message);
    expect(exitCode).toBe(3);
  });
});

describe("a service that gives keys", () => {
  const sts = {
    AccessKeyId: OTHER_KEY.accessKeyId,
    AccessKeySecret: OTHER_KEY.accessKeySecret,
    SecurityToken: OTHER_KEY.securityToken,
    Expiration: "2099-01-01T00:00:00Z",
  };
  const ssoAt = (origin: string) => ({
    mode: "CloudSSO",
    cloud_sso_sign_in_url: `${origin}/start`,
    cloud_sso_account_id: OTHER,
    cloud_sso_access_config: "ac-1",
    access_token: "sso-token-8d",
    cloud_sso_access_token_expire: Math.floor(Date.now() / 1_000) + 3_600,
  });

  test("CloudSSO, for who is logged in", async () => {
    const answer = { status: 200, body: JSON.stringify({ CloudCredential: sts }) };
    await using service = await startWebhookCatcher([answer]);
    const result = await audit({ profiles: { prod: ssoAt(service.origin) }, current: "prod" });
    expect(callerOf(result)).toMatchObject({ accountId: OTHER });
    const [message] = service.messages;
    expect(message?.headers.authorization).toBe("Bearer sso-token-8d");
    expect(JSON.parse(String(message?.body))).toEqual({
      AccountId: OTHER,
      AccessConfigurationId: "ac-1",
    });
  });

  test("CloudSSO that refuses says to log in again", async () => {
    const body = '{"ErrorCode":"AccessTokenExpired","ErrorMessage":"sso-token-8d"}';
    await using service = await startWebhookCatcher([{ status: 401, body }]);
    const { exitCode, stderr } = await audit({
      profiles: { prod: ssoAt(service.origin) },
      current: "prod",
      args: ["--verbose"],
    });
    expect(exitCode).toBe(3);
    expect(stderr).toContain(
      "CloudSSO refused (HTTP 401, AccessTokenExpired). Log in again: aliyun configure --profile prod",
    );
    expect(stderr).not.toContain("sso-token-8d");
    expect(service.messages).toHaveLength(1);
  });

  test("a profile of mode CredentialsURI, again where it may pass", async () => {
    const answer = { status: 200, body: JSON.stringify(sts) };
    await using service = await startWebhookCatcher([{ status: 503 }, "reset", answer]);
    const prod = { mode: "CredentialsURI", credentials_uri: service.url };
    const result = await audit({ profiles: { prod }, current: "prod" });
    expect(callerOf(result)).toMatchObject({ accountId: OTHER });
    expect(service.messages).toHaveLength(3);
  });

  test.each([
    [{ status: 403, body: '{"Code":"NoSuchRole"}' }, "refused (HTTP 403, NoSuchRole)"],
    [{ status: 500, body: "<html>" }, "failed (HTTP 500)"],
    [{ status: 200, body: "{}" }, "gave no keys (HTTP 200)"],
    ["reset" as const, "cannot be reached (ECONNRESET)"],
  ])("that answers %j is named with what it answered", async (answer, message) => {
    await using service = await startWebhookCatcher([answer]);
    const env = { ALIBABA_CLOUD_CREDENTIALS_URI: service.url };
    const { exitCode, stderr } = await audit({ env });
    expect(exitCode).toBe(3);
    expect(stderr).toContain("ALIBABA_CLOUD_CREDENTIALS_URI cannot be used: ");
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("No credentials were found");
  });
});

describe("the metadata service of an ECS instance", () => {
  const keys = {
    Code: "Success",
    AccessKeyId: OTHER_KEY.accessKeyId,
    AccessKeySecret: OTHER_KEY.accessKeySecret,
    SecurityToken: OTHER_KEY.securityToken,
    Expiration: "2099-01-01T00:00:00Z",
  };
  const metadata = { ALIBABA_CLOUD_ECS_METADATA_DISABLED: "", ALIBABA_CLOUD_CREDENTIALS_URI: "" };

  /** Audits where 100.100.100.200 leads to a stand-in that answers so, after the token. */
  const auditOnInstance = async (answers: readonly CatcherAnswer[], setting: Setting = {}) => {
    await using service = await startWebhookCatcher([
      { status: 200, body: "metadata-token" },
      ...answers,
    ]);
    const { port } = new URL(service.origin);
    const route = `import { Socket } from "node:net";
      const { connect } = Socket.prototype;
      Socket.prototype.connect = function (...args) {
        const [options] = [args[0]].flat();
        if (options.host === "100.100.100.200") Object.assign(options, { host: "127.0.0.1", port: ${port} });
        return connect.apply(this, args);
      };`;
    const NODE_OPTIONS = `--import="data:text/javascript,${encodeURIComponent(route)}"`;
    const env = { ...metadata, ...setting.env, NODE_OPTIONS };
    const result = await audit({ ...setting, env, run: runCli });
    return { ...result, paths: service.messages.map(({ path }) => path) };
  };

  test("gives the keys of a profile's role", async () => {
    const prod = { mode: "EcsRamRole", ram_role_name: "instance-role" };
    const answer = { status: 200, body: JSON.stringify(keys) };
    const result = await auditOnInstance([answer], { profiles: { prod }, current: "prod" });
    expect(callerOf(result)).toMatchObject({ accountId: OTHER });
    expect(result.paths.at(-1)).toBe("/latest/meta-data/ram/security-credentials/instance-role");
  });

  test("gives keys that assume another role", async () => {
    const prod = { ...ROLE, mode: "RamRoleArnWithEcs", ram_role_name: "instance-role" };
    const answer = { status: 200, body: JSON.stringify(keys) };
    const result = await auditOnInstance([answer], {
      profiles: { prod },
      current: "prod",
      roles: { [ROLE_ARN]: { trusts: [OTHER_KEY.accessKeyId] } },
    });
    expect(callerOf(result)?.arn).toContain(":assumed-role/auditor/flowlog-guard-");
  });

  test("gives keys where nothing was chosen, by the role that it names", async () => {
    const answers = [
      { status: 200, body: "found-role" },
      { status: 200, body: "metadata-token" },
      { status: 200, body: JSON.stringify(keys) },
    ];
    const result = await auditOnInstance(answers);
    expect(callerOf(result)).toMatchObject({ accountId: OTHER });
    expect(result.paths.at(-1)).toBe("/latest/meta-data/ram/security-credentials/found-role");
  });

  test.each<[CatcherAnswer, string]>([
    [{ status: 404 }, "No credentials were found. "],
    [
      { status: 403 },
      "No credentials were chosen, and the ECS metadata service (100.100.100.200) refused (HTTP 403). Attach a RAM role",
    ],
    [{ status: 500 }, "the ECS metadata service (100.100.100.200) failed (HTTP 500)"],
    [
      "hang",
      "No credentials were chosen, and the ECS metadata service (100.100.100.200) did not answer in time (TIMEOUT)",
    ],
  ])("that answers %j, where nothing was chosen, is told of", async (answer, message) => {
    const { exitCode, stderr } = await auditOnInstance([answer]);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(3);
  });
});

test("a service that is not there is named, with the code", async () => {
  const gone = await startWebhookCatcher();
  await gone.stop();
  const prod = { mode: "CredentialsURI", credentials_uri: gone.url };
  const { exitCode, stderr } = await audit({ profiles: { prod }, current: "prod" });
  expect(exitCode).toBe(3);
  expect(stderr).toContain("the service at the credentials URI cannot be reached (ECONNREFUSED)");
});

test("--profile counts for every command that asks the cloud", async () => {
  await using home = await homeFolder();
  const env = {
    HOME: home.path,
    DEPLOY_REGION: "cn-hangzhou",
    FLOWLOG_GUARD_STATE: "oss://state-bucket/p/",
  };
  for (const command of [["audit"], ["audit", "--remote"], ["state", "show"]]) {
    const { exitCode, stderr } = await runMain([...command, "--profile", "prod"], env);
    expect(stderr).toContain("The profile prod, chosen by --profile, cannot be used");
    expect(exitCode).toBe(3);
  }
});
