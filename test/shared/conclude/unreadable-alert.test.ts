import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "vitest";

import type { Status } from "../../../shared/audit/finding.ts";
import { raiseAlert } from "../../../shared/conclude/raise-alert.ts";
import { createReceivers } from "../../../shared/notify/receivers.ts";
import { loadRules } from "../../../shared/rules/rules.ts";
import { DIRECT } from "../../harness/direct.ts";
import { openFileState } from "../../harness/file-state.ts";
import { reportWith } from "../../harness/report-with.ts";
import { startWebhookCatcher } from "../../harness/webhook-catcher.ts";

const HOUR_MS = 3_600_000;
const BEGINNING_MS = Date.UTC(2026, 10, 22, 8);

/** The messages to Slack over these runs, an hour apart, with a state. */
async function messagesOver(runs: readonly Status[], summaryEveryMs: number | null = null) {
  const dir = await mkdtemp(join(tmpdir(), "flowlog-guard-unreadable-"));
  await using catcher = await startWebhookCatcher([{ status: 200, body: "ok" }]);
  const receivers = createReceivers([{ type: "slack", url: catcher.url, name: "slack" }], DIRECT);
  try {
    for (const [hour, status] of runs.entries()) {
      const at = new Date(BEGINNING_MS + hour * HOUR_MS);
      const clock = (): Date => at;
      const store = openFileState(join(dir, "state.json"), clock);
      const times = { startedAt: at.toISOString(), finishedAt: at.toISOString() };
      const report = { ...reportWith([status]), ...times, runId: `run-${hour}` };
      await raiseAlert({ ...report, trigger: "timer" }, receivers, {
        loadCards: loadRules,
        policy: { repeatAfterMs: 24 * HOUR_MS, unreadableAfter: 2, summaryEveryMs },
        store,
        clock,
      });
    }
  } finally {
    await rm(dir, { recursive: true });
  }
  return catcher.messages.map(({ body }) => JSON.stringify(JSON.parse(body)));
}

test("an open region that cannot be read is shown as both, from the state", async () => {
  const [opened, unreadable] = await messagesOver([
    "NON_COMPLIANT",
    "INSUFFICIENT_DATA",
    "INSUFFICIENT_DATA",
  ]);
  expect(opened).toContain("Not activated: cn-r0");
  expect(opened).not.toContain("When last read");
  expect(unreadable).toContain("Cannot be read: cn-r0");
  expect(unreadable).toContain(
    "When last read, it was not activated (since 2026-11-22 08:00 UTC).",
  );
});

test("one that was not open is shown as unreadable only", async () => {
  const [unreadable] = await messagesOver(["COMPLIANT", "INSUFFICIENT_DATA", "INSUFFICIENT_DATA"]);
  expect(unreadable).toContain("Cannot be read: cn-r0");
  expect(unreadable).not.toMatch(/not activated/i);
});

test("a summary shows both too", async () => {
  const runs = ["NON_COMPLIANT", "INSUFFICIENT_DATA"] as const;
  const [, summary] = await messagesOver(runs, 1);
  expect(summary).toContain("Summary of 1 region: 1 cannot be read");
  expect(summary).toContain("cn-r0 (not activated when last read)");
});
