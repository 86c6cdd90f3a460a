import { expect, test } from "vitest";

import { startEmulator } from "../../emulator/emulator.ts";
import { CLI_CONFIG, homeFolder } from "../../harness/home-folder.ts";
import { runMainWithClock } from "../../harness/run-main.ts";
import { organizationEnv, PROD, SAMPLE_ORGANIZATION } from "../../harness/sample-organization.ts";
import { AK, MEANT_KEY, ROLE, ROLE_ARN } from "../../harness/two-accounts.ts";

test.each([{ command: ["audit"] }, { command: ["watch", "--once"] }])(
  "$command assumes the roles of members with a session that is renewed in the run",
  async ({ command }) => {
    let passedMs = 0;
    await using emulator = await startEmulator({
      ...SAMPLE_ORGANIZATION,
      keys: [MEANT_KEY],
      roles: { [ROLE_ARN]: {} },
      onRequest: ({ action }) => {
        if (action === "ListAccounts") passedMs = 46 * 60_000;
      },
    });
    await using home = await homeFolder({
      [CLI_CONFIG]: { current: "prod", profiles: [{ name: "prod", ...AK, ...ROLE }] },
    });
    const {
      ALIBABA_CLOUD_ACCESS_KEY_ID: _id,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: _secret,
      ...env
    } = organizationEnv(emulator);
    await runMainWithClock(() => new Date(Date.now() + passedMs), command, {
      ...env,
      HOME: home.path,
    });

    const assumed = emulator.requests.filter(({ action }) => action === "AssumeRole");
    const signersOf = (arn: string) =>
      assumed.filter(({ form }) => form["RoleArn"] === arn).map(({ accessKeyId }) => accessKeyId);
    expect(signersOf(ROLE_ARN)).toHaveLength(2);
    const [early] = emulator.requests.filter(({ action }) => action === "ListAccounts");
    const [late] = signersOf(`acs:ram::${PROD}:role/flowlog-guard-audit`);
    expect(late).toMatch(/^STS\./);
    expect(late).not.toBe(early?.accessKeyId);
  },
);
