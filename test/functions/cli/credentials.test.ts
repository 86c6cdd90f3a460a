import { describe, expect, test } from "vitest";

import { homeFolder } from "../../harness/home-folder.ts";
import { runCli } from "../../harness/run-cli.ts";
import { runMain } from "../../harness/run-main.ts";
import {
  MEANT,
  OTHER,
  MEANT_KEY,
  AK,
  OTHER_STS,
  MEANT_ENV,
  OTHER_ENV,
  type Setting,
  audit,
  callerOf,
} from "../../harness/two-accounts.ts";
import { startWebhookCatcher } from "../../harness/webhook-catcher.ts";

describe("the account of the chosen credentials is audited", () => {
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

  test("without a choice the services of the machine are asked", async () => {
    expect(callerOf(await audit({}))).toMatchObject({ accountId: OTHER });
  });
});

test("a service that cannot be reached is named, with the code", async () => {
  const gone = await startWebhookCatcher();
  await gone.stop();
  const prod = { mode: "CredentialsURI", credentials_uri: gone.url };
  const { exitCode, stderr } = await audit({ profiles: { prod }, current: "prod" });
  expect(exitCode).toBe(3);
  expect(stderr).toContain("the service at the credentials URI cannot be reached (ECONNREFUSED)");
});

test("--profile applies to every command that asks the cloud", async () => {
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
