import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";

import { describe, expect, test } from "vitest";

import { auditOnInstance } from "../../harness/audit-on-instance.ts";
import { homeFolder } from "../../harness/home-folder.ts";
import { runCli } from "../../harness/run-cli.ts";
import type { runMain } from "../../harness/run-main.ts";
import {
  MEANT,
  OTHER,
  OTHER_KEY,
  ROLE_ARN,
  AK,
  ROLE,
  audit,
  callerOf,
} from "../../harness/two-accounts.ts";
import { type CatcherAnswer, startWebhookCatcher } from "../../harness/webhook-catcher.ts";

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

  test("CloudSSO gives keys to the user who is logged in", async () => {
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

  test("CloudSSO that refuses asks to log in again", async () => {
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

  test("a profile of mode CredentialsURI is asked again after a transient failure", async () => {
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
  ])("that answers %j is named with its answer", async (answer, message) => {
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

  test("gives keys where nothing was chosen, of the role that it names", async () => {
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
  ])(
    "is named in the error if it answers %j and no credentials were chosen",
    async (answer, message) => {
      const { exitCode, stderr } = await auditOnInstance([answer]);
      expect(stderr).toContain(message);
      expect(exitCode).toBe(3);
    },
  );
});
