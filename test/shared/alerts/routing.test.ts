import { describe, expect, test } from "vitest";

import { EMPTY_STATE, type State } from "../../../shared/alerts/alert-state.ts";
import {
  type AlertPlan,
  type AlertReceiver,
  planWithoutState,
  planWithState,
} from "../../../shared/alerts/plan.ts";
import { forgetEnded, rememberNotified } from "../../../shared/alerts/remember.ts";
import type { Status } from "../../../shared/audit/finding.ts";
import type { Route } from "../../../shared/audit/route.ts";
import { organizationReport } from "../../harness/many-accounts.ts";

const HOUR = 3_600_000;
const POLICY = { repeatAfterMs: 24 * HOUR, unreadableAfter: 1, summaryEveryMs: null };

function chat(name: string, only?: Route, wantsEveryRun = false): AlertReceiver {
  return { name, wantsEveryRun, ...(only && { only }) };
}

/** Two accounts, `prod-0` and `prod-1` unless renamed, with one region each. */
function planAt(
  hour: number,
  receivers: readonly AlertReceiver[],
  before: State = EMPTY_STATE,
  {
    status = "NON_COMPLIANT",
    name = (index) => `prod-${index}`,
  }: { readonly status?: Status; readonly name?: (index: number) => string } = {},
) {
  const report = organizationReport({ accounts: 2, regions: 1, status: () => status, name });
  const atMs = hour * HOUR;
  const run = { runId: `run-${hour}`, startedAtMs: atMs, finishedAtMs: atMs, wholeScope: true };
  return planWithState(before, report, receivers, run, POLICY);
}

function accepted(plan: AlertPlan, hour: number): State {
  let { state } = plan;
  for (const [name, changes] of plan.changes) {
    state = rememberNotified(state, name, changes, hour * HOUR);
  }
  return forgetEnded(state);
}

function changesOf({ changes }: AlertPlan, name: string): string[] {
  return (changes.get(name) ?? []).map(
    ({ event, finding }) => `${event} ${finding.accountId.slice(-1)}`,
  );
}

describe("a receiver", () => {
  test("is sent its share alone, with a state and without", () => {
    const receivers = [chat("first", { accounts: ["prod-0"] }), chat("all")];
    const plan = planAt(0, receivers);
    expect(changesOf(plan, "first")).toEqual(["opened 0"]);
    expect(changesOf(plan, "all")).toEqual(["opened 0", "opened 1"]);
    const stateless = planWithoutState(organizationReport({ accounts: 2, regions: 1 }), receivers);
    expect(changesOf(stateless, "first")).toEqual(["opened 0"]);
    expect(plan.unrouted).toBe(0);
  });

  test("that was notified of what is routed elsewhere by now is sent the end, and nothing before", () => {
    const narrowed = [chat("team", { accounts: ["prod-1"] })];
    let plan = planAt(0, [chat("team")]);
    plan = planAt(30, narrowed, accepted(plan, 0));
    expect(changesOf(plan, "team")).toEqual(["reminder 1"]);
    plan = planAt(31, narrowed, accepted(plan, 30), { status: "COMPLIANT" });
    expect(changesOf(plan, "team")).toEqual(["resolved 0", "resolved 1"]);
    plan = planAt(32, narrowed, accepted(plan, 31));
    expect(changesOf(plan, "team")).toEqual(["opened 1"]);
  });

  test("is sent the end of what it was notified of in an account that was renamed", () => {
    const receivers = [chat("team", { accounts: ["prod-*"] })];
    const plan = planAt(1, receivers, accepted(planAt(0, receivers), 0), {
      status: "COMPLIANT",
      name: () => "renamed",
    });
    expect(changesOf(plan, "team")).toEqual(["resolved 0", "resolved 1"]);
  });

  test("that keeps alerts is sent them until their end, although they are routed elsewhere by now", () => {
    const narrowed = [chat("pager", { accounts: ["prod-1"] }, true)];
    let plan = planAt(1, narrowed, accepted(planAt(0, [chat("pager", undefined, true)]), 0));
    expect(changesOf(plan, "pager")).toEqual(["reminder 0", "reminder 1"]);
    plan = planAt(2, narrowed, accepted(plan, 1), { status: "COMPLIANT" });
    expect(changesOf(plan, "pager")).toEqual(["resolved 0", "resolved 1"]);
  });
});

test("what is open and routed to nobody is counted", () => {
  const nobody = [chat("low", { severity: ["low"] })];
  expect(planAt(0, nobody)).toMatchObject({ unrouted: 2, reason: "NOT_ROUTED" });
  const report = organizationReport({ accounts: 2, regions: 1 });
  expect(planWithoutState(report, nobody)).toMatchObject({ unrouted: 2, reason: "NOT_ROUTED" });
  const some = [...nobody, chat("first", { accounts: ["prod-0"] })];
  expect(planAt(0, some)).toMatchObject({ unrouted: 1, reason: "CHANGES" });
  expect(planAt(0, [])).toMatchObject({ unrouted: 0, reason: "NO_RECEIVER_CONFIGURED" });
});
