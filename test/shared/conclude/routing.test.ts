import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { Route } from "../../../shared/audit/route.ts";
import { AlertError } from "../../../shared/audit/run-error.ts";
import { concludeRun } from "../../../shared/conclude/conclude-run.ts";
import type { LogEntry } from "../../../shared/conclude/run-log.ts";
import { createReceivers } from "../../../shared/notify/receivers.ts";
import { loadRules } from "../../../shared/rules/rules.ts";
import { DIRECT } from "../../harness/direct.ts";
import { openFileState } from "../../harness/file-state.ts";
import { memberId, organizationReport } from "../../harness/many-accounts.ts";
import { type CatcherAnswer, startWebhookCatcher } from "../../harness/webhook-catcher.ts";

const SUMMARY_EVERY_MS = 3_600_000;
const QUICK = { maxAttempts: 1, baseDelayMs: 1, maxDelayMs: 1 };

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "flowlog-guard-routing-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

interface Routed {
  readonly only?: Route;
  readonly answers?: readonly CatcherAnswer[];
}

/** Concludes runs of two accounts with one region each, an hour apart, with a webhook for each route. */
async function conclude(routes: readonly Routed[], runs = 1) {
  const catchers = await Promise.all(routes.map(({ answers }) => startWebhookCatcher(answers)));
  const receivers = createReceivers(
    catchers.map(({ url }, index) => ({
      type: "webhook",
      url,
      name: `hook-${index}`,
      ...(routes[index]?.only && { only: routes[index].only }),
    })),
    DIRECT,
  );
  const logged: LogEntry[] = [];
  const outcomes: unknown[] = [];
  for (let hour = 0; hour < runs; hour += 1) {
    const at = new Date(Date.UTC(2026, 10, 22, hour));
    const report = organizationReport({
      accounts: 2,
      regions: 1,
      more: { trigger: "timer", startedAt: at.toISOString(), finishedAt: at.toISOString() },
    });
    outcomes.push(
      await concludeRun(report, receivers, {
        loadCards: loadRules,
        policy: { repeatAfterMs: 1e9, unreadableAfter: 1, summaryEveryMs: SUMMARY_EVERY_MS },
        store: openFileState(join(dir, "state.json"), () => at),
        clock: () => at,
        retryPolicy: QUICK,
        log: (entry) => void logged.push(entry),
        wholeScope: true,
      }).catch((error: unknown) => error),
    );
  }
  const bodies = catchers.map(({ messages }): unknown[] =>
    messages.map(({ body }) => JSON.parse(body)),
  );
  for (const catcher of catchers) await catcher[Symbol.asyncDispose]();
  const warnings = logged.filter(({ event }) => event === "warning").map(({ message }) => message);
  return { outcomes, bodies, warnings };
}

test("alerts and summaries are of the receiver's share, and so are their counts", async () => {
  const { bodies, warnings } = await conclude([{ only: { accounts: ["prod-1"] } }, {}], 2);
  const [share, all] = bodies;
  expect(share).toMatchObject([
    {
      type: "flowlog-guard.alert",
      data: {
        accountId: memberId(1),
        summary: { total: 1, nonCompliant: 1 },
        changes: [{ accountId: memberId(1), accountName: "prod-1" }],
        findings: [{ accountId: memberId(1) }],
      },
    },
    { type: "flowlog-guard.summary", data: { summary: { total: 1 } } },
  ]);
  expect(all).toMatchObject([{ data: { summary: { total: 2 } } }, { data: {} }]);
  expect(warnings).toEqual([]);
});

test("what is routed to no receiver is a warning, and no failed alert", async () => {
  const { outcomes, bodies, warnings } = await conclude([{ only: { severity: ["low"] } }]);
  expect(bodies).toEqual([[]]);
  expect(outcomes).toMatchObject([{ reason: "NOT_ROUTED", undelivered: [] }]);
  expect(warnings).toEqual([expect.stringMatching(/^2 open findings are routed to no receiver/)]);
});

const REFUSING = { only: { accounts: ["prod-0"] }, answers: [{ status: 500 }] };

test("an alert that the only receiver it is for refuses fails, though another has its own share", async () => {
  const [outcome] = (await conclude([REFUSING, { only: { accounts: ["prod-1"] } }])).outcomes;
  expect(outcome).toBeInstanceOf(AlertError);
});

test("an alert that one of the receivers it is for accepts does not fail", async () => {
  const [outcome] = (await conclude([REFUSING, {}])).outcomes;
  expect(outcome).toMatchObject({ deliveries: [{ status: "failed" }, { status: "delivered" }] });
});
