import { join } from "node:path";

import { describe, expect, inject, test } from "vitest";

import type { CheckResult } from "../../functions/check/check.ts";
import { startOss } from "../emulator/oss.ts";
import { OSS_SEED } from "../harness/emulated-bucket.ts";
import { functionContext, functionEnv, invokeInTurn } from "../harness/invoke-function.ts";
import { startMixedCloud } from "../harness/mixed-cloud.ts";
import { otherNode } from "../harness/other-node.ts";
import { runNode } from "../harness/run-process.ts";
import { startWebhookCatcher } from "../harness/webhook-catcher.ts";

// The command line and the audit function: node-versions.large.test.ts.
describe.each([22, 24])("on Node %i, with nothing on stderr", (major) => {
  const found = otherNode(major);
  const node = found ?? "none";

  test.skipIf(found === null)("the binary is of that version", async () => {
    const { stdout } = await runNode(["--version"], { env: {}, node });
    expect(stdout.startsWith(`v${major}.`)).toBe(true);
  });

  test.skipIf(found === null)("the check function alerts, and keeps its state in OSS", async () => {
    await using emulator = await startMixedCloud();
    await using oss = await startOss(OSS_SEED);
    await using catcher = await startWebhookCatcher();
    const env = {
      ...functionEnv(emulator),
      FLOWLOG_GUARD_STATE: `oss://${OSS_SEED.bucket}/guard/`,
      FLOWLOG_GUARD_OSS_ENDPOINT: oss.origin,
      FLOWLOG_GUARD_WEBHOOK_URL: catcher.url,
      FLOWLOG_GUARD_HEARTBEAT_URL: catcher.url,
    };
    const calls = [{ event: "{}", context: functionContext(emulator) }];
    const bundle = join(inject("deployed"), "check/index.js");
    const [check] = await invokeInTurn<CheckResult>(bundle, calls, env, node);
    expect(check).toMatchObject({
      stderr: "",
      error: null,
      result: {
        summary: { total: 3, compliant: 1, nonCompliant: 1 },
        receivers: [{ status: "delivered" }],
      },
    });
    expect([...oss.objects.keys()].join()).toContain("guard/");
  });
});
