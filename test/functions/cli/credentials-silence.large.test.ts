import { describe, expect, test } from "vitest";

import { auditOnInstance } from "../../harness/audit-on-instance.ts";
import { runCli } from "../../harness/run-cli.ts";
import {
  audit,
  callerOf,
  MEANT,
  MEANT_ENV,
  MEANT_KEY,
  ROLE_ARN,
} from "../../harness/two-accounts.ts";
import { CATCHER_SECRETS, startWebhookCatcher } from "../../harness/webhook-catcher.ts";

// The program waits for its real time limits here: three or four seconds each.
describe("a service of keys that does not answer", () => {
  test("is an error where it was chosen", async () => {
    await using silent = await startWebhookCatcher(["hang"]);
    const { exitCode, stderr } = await runCli(["audit"], {
      ALIBABA_CLOUD_CREDENTIALS_URI: silent.url,
    });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(
      /^flowlog-guard: ALIBABA_CLOUD_CREDENTIALS_URI cannot be used: .* did not answer in time/,
    );
    for (const secret of CATCHER_SECRETS) expect(stderr).not.toContain(secret);
  });

  test("is an error where nothing was chosen", async () => {
    const { exitCode, stderr } = await auditOnInstance(["hang"]);
    expect(stderr).toContain(
      "No credentials were chosen, and the ECS metadata service (100.100.100.200) did not answer in time (TIMEOUT)",
    );
    expect(exitCode).toBe(3);
  });

  test("is asked at another endpoint for a role", async () => {
    const env = { ...MEANT_ENV, ALIBABA_CLOUD_ROLE_ARN: ROLE_ARN };
    const roles = { [ROLE_ARN]: { trusts: [MEANT_KEY.accessKeyId] } };
    const faults = { AssumeRole: { kind: "hang", times: 1 } } as const;
    expect(callerOf(await audit({ env, roles, faults }))).toMatchObject({ accountId: MEANT });
  });
});
