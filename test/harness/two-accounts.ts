import { expect } from "vitest";

import type { Report } from "../../shared/audit/report.ts";
import { type Emulator, startEmulator } from "../emulator/emulator.ts";
import type { RoleSeed, World } from "../emulator/world.ts";
import { CLI_CONFIG, homeFolder } from "./home-folder.ts";
import { runMain } from "./run-main.ts";
import { startWebhookCatcher } from "./webhook-catcher.ts";

/** The account that is meant, and the one that must never be asked instead. */
export const [MEANT, OTHER] = ["1000000000000001", "2000000000000002"];

export const MEANT_KEY = {
  accessKeyId: "LTAI5tMeantKey0001",
  accessKeySecret: "meant-secret-1a",
  accountId: MEANT,
  arn: `acs:ram::${MEANT}:user/meant`,
};

export const OTHER_KEY = {
  accessKeyId: "STS.OtherKey0002",
  accessKeySecret: "other-secret-2b",
  securityToken: "other-token-2c",
  accountId: OTHER,
  arn: `acs:ram::${OTHER}:user/other`,
};

export const ROLE_ARN = `acs:ram::${MEANT}:role/auditor`;

export const SECRETS = [
  ...[MEANT_KEY.accessKeyId, MEANT_KEY.accessKeySecret],
  ...[OTHER_KEY.accessKeyId, OTHER_KEY.accessKeySecret, OTHER_KEY.securityToken],
];

/** Keys of the meant account, in a profile's form. */
export const AK = {
  mode: "AK",
  access_key_id: MEANT_KEY.accessKeyId,
  access_key_secret: MEANT_KEY.accessKeySecret,
};

export const OTHER_STS = {
  mode: "StsToken",
  access_key_id: OTHER_KEY.accessKeyId,
  access_key_secret: OTHER_KEY.accessKeySecret,
  sts_token: OTHER_KEY.securityToken,
};

export const MEANT_ENV = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: MEANT_KEY.accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: MEANT_KEY.accessKeySecret,
};

export const OTHER_ENV = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: OTHER_KEY.accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: OTHER_KEY.accessKeySecret,
  ALIBABA_CLOUD_SECURITY_TOKEN: OTHER_KEY.securityToken,
};

export const ROLE = { mode: "RamRoleArn", ram_role_arn: ROLE_ARN };

export type Env = Readonly<Record<string, string>>;

/** A user's files in the home folder, variables and flags, and the contents of the cloud. */
export interface Setting {
  /** The profiles of the aliyun command line, by name; a text is the whole file. */
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
 * Audits an emulated cloud that knows both accounts' keys. A credentials URI gives the other
 * account's keys, which a search that falls back would find.
 */
export async function audit(setting: Setting) {
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
    FLOWLOG_GUARD_ECS_ENDPOINT: emulator.endpoint,
    FLOWLOG_GUARD_SLS_ENDPOINT: emulator.endpoint,
    FLOWLOG_GUARD_RESOURCE_DIRECTORY_ENDPOINT: emulator.endpoint,
    ALIBABA_CLOUD_CREDENTIALS_URI: trap.url,
    ...Object.fromEntries(
      Object.entries(env).map(([name, value]) => [name, value.replace("~", home.path)]),
    ),
  });
  expect(await written()).toBe(before);
  for (const secret of SECRETS) expect(result.stdout + result.stderr).not.toContain(secret);
  return { ...result, requests: emulator.requests };
}

export function callerOf({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) {
  if (stdout === "") throw new Error(stderr);
  return (JSON.parse(stdout) as Report).caller;
}

export function assumptionsOf(requests: Emulator["requests"]) {
  return requests.filter(({ action }) => action.startsWith("AssumeRole"));
}
