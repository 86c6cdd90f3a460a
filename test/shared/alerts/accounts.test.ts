import { describe, expect, test } from "vitest";

import { EMPTY_STATE, type State } from "../../../shared/alerts/alert-state.ts";
import { planWithState } from "../../../shared/alerts/plan.ts";
import { forgetEnded, rememberNotified } from "../../../shared/alerts/remember.ts";
import type { Report } from "../../../shared/audit/report.ts";
import { memberId, organizationReport } from "../../harness/many-accounts.ts";

const HOUR = 3_600_000;
const POLICY = { repeatAfterMs: 24 * HOUR, unreadableAfter: 1, summaryEveryMs: null };
const CHAT = { name: "chat", wantsEveryRun: false };

interface RunOptions {
  readonly source?: string | null;
  readonly more?: Partial<Report>;
  readonly wholeScope?: boolean;
}

/** The changes of a run that audits these accounts, and the state once they are confirmed. */
function run(
  hour: number,
  accounts: readonly number[],
  before: State,
  { wholeScope = true, ...rest }: RunOptions = {},
) {
  const report = organizationReport({ accounts, regions: 1, ...rest });
  const atMs = hour * HOUR;
  const observing = { runId: `run-${hour}`, startedAtMs: atMs, finishedAtMs: atMs, wholeScope };
  const plan = planWithState(before, report, [CHAT], observing, POLICY);
  const changes = plan.changes.get("chat") ?? [];
  return {
    said: changes.map(({ event, finding }) => `${event} ${finding.accountId.slice(-1)}`),
    confirmed: forgetEnded(rememberNotified(plan.state, "chat", changes, atMs)),
    unconfirmed: plan.state,
  };
}

const BOTH = run(0, [0, 1], EMPTY_STATE).confirmed;

describe("an account that the run does not audit", () => {
  test("is no longer checked, once, where a run of the same source audited it", () => {
    const first = run(1, [0], BOTH);
    expect(first.said).toEqual(["unscoped 1"]);
    expect(first.confirmed.entries.map(({ accountId }) => accountId)).toEqual([memberId(0)]);
    expect(run(2, [0], first.confirmed).said).toEqual([]);
    expect(run(2, [0], first.unconfirmed).said).toEqual(["unscoped 1"]);
  });

  test.each<[string, RunOptions]>([
    ["another source audits", { source: "7000000000000000" }],
    ["nobody is known to audit", { source: null }],
    [
      "may be the management account, which is unknown",
      { more: { managementAccountUnknown: true } },
    ],
    ["an assumed account audits", { more: { accountAssumed: true } }],
    ["a narrowed run leaves out", { wholeScope: false }],
  ])("may belong to another deployment, or be in scope: %s", (_, options) => {
    const next = run(1, [0], BOTH, options);
    expect(next.said).toEqual([]);
    expect(run(2, [0, 1], next.confirmed).said).toEqual([]);
  });

  test("belongs to the source that audited it last", () => {
    const taken = run(1, [1], BOTH, { source: "7000000000000000" }).confirmed;
    expect(run(2, [0], taken).said).toEqual([]);
    expect(run(2, [], taken, { source: "7000000000000000" }).said).toEqual(["unscoped 1"]);
  });

  test("is remembered for as long as an end is due", () => {
    const later = run(31 * 24, [0], run(1, [0], BOTH).unconfirmed);
    expect(later.said).toEqual(["reminder 0", "unscoped 1"]);
  });
});
