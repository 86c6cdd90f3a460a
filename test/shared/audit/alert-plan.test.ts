import { describe, expect, test } from "vitest";

import {
  hidesAccount,
  type Listener,
  planWithoutState,
  planWithState,
} from "../../../shared/audit/alert-plan.ts";
import { rememberSummary, rememberTold } from "../../../shared/audit/remember.ts";
import type { Status } from "../../../shared/audit/finding.ts";
import type { Report } from "../../../shared/audit/report.ts";
import { accountOf, EMPTY_STATE, type State } from "../../../shared/audit/state.ts";
import { reportWith } from "../../harness/report-with.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const POLICY = { repeatAfterMs: DAY, blindAfter: 2, summaryEveryMs: null };
const CHAT = { name: "chat", wantsEveryRun: false };
const PAGER = { name: "pager", wantsEveryRun: true };

/** Plans one run of regions `cn-r0`, `cn-r1` and so on, at an hour. */
function planAt(
  hour: number,
  statuses: readonly Status[],
  before: State = EMPTY_STATE,
  {
    runId = `run-${hour}`,
    listeners = [CHAT],
    policy = POLICY,
  }: {
    readonly runId?: string;
    readonly listeners?: readonly Listener[];
    readonly policy?: Parameters<typeof planWithState>[4];
  } = {},
) {
  const run = { runId, startedAtMs: hour * HOUR, finishedAtMs: hour * HOUR };
  return planWithState(
    before,
    { ...reportWith(statuses), trigger: "timer" },
    listeners,
    run,
    policy,
  );
}

/** What is news to a receiver, as `event region`. */
function newsOf(plan: ReturnType<typeof planAt>, name = "chat"): string[] {
  return (plan.news.get(name) ?? []).map(({ event, finding }) => `${event} ${finding.regionId}`);
}

/** The state once the chat has accepted everything. */
function accepted(plan: ReturnType<typeof planAt>, hour: number): State {
  return rememberTold(plan.state, "chat", plan.news.get("chat") ?? [], hour * HOUR);
}

describe("without a state", () => {
  test.each<[readonly Status[], number, string]>([
    [[], 0, "ALL_WELL"],
    [["COMPLIANT"], 0, "ALL_WELL"],
    [["NOT_APPLICABLE", "IGNORED"], 0, "ALL_WELL"],
    [["INSUFFICIENT_DATA"], 0, "ONLY_UNREADABLE"],
    [["COMPLIANT", "INSUFFICIENT_DATA"], 0, "ONLY_UNREADABLE"],
    [["NON_COMPLIANT"], 1, "NON_COMPLIANT"],
    [["COMPLIANT", "NON_COMPLIANT", "NON_COMPLIANT"], 2, "NON_COMPLIANT"],
    [["NON_COMPLIANT", "INSUFFICIENT_DATA"], 1, "NON_COMPLIANT"],
  ])("%j → %i changes, %s", (statuses, count, reason) => {
    const plan = planWithoutState(reportWith(statuses), [CHAT]);
    expect(plan.reason).toBe(reason);
    expect(plan.news.get("chat") ?? []).toHaveLength(count);
    expect(plan.news.has("chat")).toBe(count > 0);
  });

  test("nobody to be told is a reason of its own", () => {
    const plan = planWithoutState(reportWith(["NON_COMPLIANT"]), []);
    expect(plan.reason).toBe("NO_RECEIVER_CONFIGURED");
    expect(planAt(1, ["NON_COMPLIANT"], EMPTY_STATE, { listeners: [] }).reason).toBe(plan.reason);
  });
});

describe("with a state", () => {
  test("is told once, reminded after a day, and told that it is over, once", () => {
    let plan = planAt(0, ["NON_COMPLIANT", "COMPLIANT"]);
    expect([plan.reason, newsOf(plan)]).toEqual(["NEWS", ["opened cn-r0"]]);
    plan = planAt(1, ["NON_COMPLIANT", "COMPLIANT"], accepted(plan, 0));
    expect([plan.reason, newsOf(plan)]).toEqual(["NOTHING_NEW", []]);
    plan = planAt(24, ["NON_COMPLIANT", "COMPLIANT"], plan.state);
    expect(newsOf(plan)).toEqual(["reminder cn-r0"]);
    plan = planAt(25, ["COMPLIANT", "COMPLIANT"], accepted(plan, 24));
    expect(newsOf(plan)).toEqual(["resolved cn-r0"]);
    plan = planAt(26, ["COMPLIANT", "COMPLIANT"], accepted(plan, 25));
    expect([plan.reason, newsOf(plan)]).toEqual(["ALL_WELL", []]);
  });

  test("since when stays the first time, while it is open or cannot be read", () => {
    let { state } = planAt(0, ["NON_COMPLIANT"]);
    ({ state } = planAt(1, ["INSUFFICIENT_DATA"], state));
    const plan = planAt(2, ["NON_COMPLIANT"], state);
    expect(plan.news.get("chat")).toMatchObject([{ event: "opened", sinceMs: 0 }]);
  });

  test("what was not accepted is news in the next run, also when it cannot be read then", () => {
    const plan = planAt(1, ["INSUFFICIENT_DATA"], planAt(0, ["NON_COMPLIANT"]).state);
    expect(newsOf(plan)).toEqual(["opened cn-r0"]);
  });

  test("a run that is repeated does not count twice towards blindness", () => {
    const first = planAt(0, ["INSUFFICIENT_DATA"], EMPTY_STATE, { runId: "same" });
    const again = planAt(1, ["INSUFFICIENT_DATA"], first.state, { runId: "same" });
    expect([again.reason, newsOf(again)]).toEqual(["ONLY_UNREADABLE", []]);
    expect(newsOf(planAt(2, ["INSUFFICIENT_DATA"], again.state))).toEqual(["blind cn-r0"]);
  });

  test("each receiver by itself: one that repeats alerts hears of it in every run", () => {
    const listeners = [CHAT, PAGER];
    const before = planAt(0, ["NON_COMPLIANT"], EMPTY_STATE, { listeners });
    let state = accepted(before, 0);
    state = rememberTold(state, "pager", before.news.get("pager") ?? [], 0);
    const plan = planAt(1, ["NON_COMPLIANT"], state, { listeners });
    expect(newsOf(plan)).toEqual([]);
    expect(newsOf(plan, "pager")).toEqual(["reminder cn-r0"]);
  });

  test.each(["constructor", "toString", "__proto__"])(
    "a receiver that is called %s has been told nothing either",
    (name) => {
      const policy = { ...POLICY, summaryEveryMs: DAY };
      const options = { listeners: [{ name, wantsEveryRun: false }], policy };
      const first = planAt(0, ["COMPLIANT", "NON_COMPLIANT"], EMPTY_STATE, options);
      expect(newsOf(first, name)).toEqual(["opened cn-r1"]);
      const state = rememberTold(first.state, name, first.news.get(name) ?? [], 0);
      const later = planAt(1, ["COMPLIANT", "COMPLIANT"], state, options);
      expect(newsOf(later, name)).toEqual(["resolved cn-r1"]);
    },
  );

  test("a run that began earlier than what is known judges nothing", () => {
    const later = planAt(2, ["COMPLIANT"]);
    const plan = planAt(1, ["NON_COMPLIANT"], later.state);
    expect(newsOf(plan)).toEqual([]);
    expect(plan.state.entries).toEqual(later.state.entries);
  });

  test("what an exempt region answers is remembered, and told once the exemption is over", () => {
    const before = accepted(planAt(0, ["NON_COMPLIANT"]), 0);
    const [finding] = reportWith(["COMPLIANT"]).findings;
    if (finding === undefined) throw new Error("there is one");
    const { status, reason } = finding;
    const agreed = { owner: "net-team", reason: "moving", expires: "2026-11-22", endsSoon: true };
    const exempt = { ...agreed, observed: { status, reason } };
    const report: Report = {
      ...reportWith(["IGNORED"]),
      findings: [{ ...finding, status: "IGNORED", exemption: exempt }],
    };
    const run = { runId: "run-1", startedAtMs: HOUR, finishedAtMs: HOUR };
    const during = planWithState(before, report, [CHAT], run, POLICY);
    expect([during.reason, newsOf(during)]).toEqual(["ALL_WELL", []]);
    expect(during.state.entries).toMatchObject([{ open: null, told: { chat: { open: {} } } }]);
    expect(newsOf(planAt(2, ["COMPLIANT"], during.state))).toEqual(["resolved cn-r0"]);
  });

  test("a run by hand, which may see a part only, sends no summary", () => {
    const policy = { ...POLICY, summaryEveryMs: 7 * DAY };
    const { state } = planAt(0, ["COMPLIANT"], EMPTY_STATE, { policy });
    const nowMs = 7 * DAY;
    const run = { runId: "by-hand", startedAtMs: nowMs, finishedAtMs: nowMs };
    for (const trigger of ["cli", "event"] as const) {
      const report = { ...reportWith(["COMPLIANT"]), trigger };
      expect(planWithState(state, report, [CHAT], run, policy).summaries).toEqual([]);
    }
    expect(planAt(7 * 24, ["COMPLIANT"], state, { policy }).summaries).toEqual(["chat"]);
  });

  test("what was remembered while the account was unknown gives way to what is known", () => {
    const report = reportWith(["NON_COMPLIANT"]);
    const unknown: Report = {
      ...report,
      scope: { ...report.scope, accounts: ["unknown"] },
      findings: report.findings.map((finding) => ({ ...finding, accountId: "unknown" })),
    };
    const run = { runId: "run-0", startedAtMs: 0, finishedAtMs: 0 };
    const nameless = planWithState(EMPTY_STATE, unknown, [CHAT], run, POLICY);
    expect(hidesAccount(EMPTY_STATE, unknown)).toBe(false);
    expect(hidesAccount(nameless.state, unknown)).toBe(false);
    const known = planAt(1, ["NON_COMPLIANT"], accepted(nameless, 0));
    expect(newsOf(known)).toEqual(["opened cn-r0"]);
    expect(known.state.entries.map(({ accountId }) => accountId)).toEqual(["1234567890123456"]);
    expect(hidesAccount(known.state, unknown)).toBe(true);
    expect(hidesAccount(known.state, report)).toBe(false);
  });

  test("a run whose account is assumed tells what is new, and of nothing that it is over", () => {
    const before = accepted(planAt(0, ["NON_COMPLIANT", "COMPLIANT"]), 0);
    expect(accountOf(before)).toBe("1234567890123456");
    const run = { runId: "run-1", startedAtMs: HOUR, finishedAtMs: HOUR };
    const report = { ...reportWith(["COMPLIANT", "NON_COMPLIANT"]), accountAssumed: true } as const;
    const plan = planWithState(before, report, [CHAT], run, POLICY);
    expect(newsOf(plan)).toEqual(["opened cn-r1"]);
    const known = planAt(2, ["COMPLIANT", "NON_COMPLIANT"], accepted(plan, 1));
    expect(newsOf(known)).toEqual(["resolved cn-r0"]);
  });

  test.each<[string[], string | null]>([
    [[], null],
    [["1"], "1"],
    [["1", "1"], "1"],
    [["1", "unknown"], "1"],
    [["unknown"], null],
    [["1", "2"], null],
  ])("the account of a state of %j is %s", (accountIds, account) => {
    const [entry] = planAt(0, ["COMPLIANT"]).state.entries;
    const entries = accountIds.flatMap((accountId) => (entry ? [{ ...entry, accountId }] : []));
    expect(accountOf({ ...EMPTY_STATE, entries })).toBe(account);
  });

  test("regions out of a run's scope are left as they are, and forgotten after a month", () => {
    const all = planAt(0, ["COMPLIANT", "NON_COMPLIANT"]);
    const narrow = planAt(1, ["COMPLIANT"], all.state);
    expect(newsOf(narrow)).toEqual([]);
    expect(narrow.state.entries.map(({ regionId }) => regionId)).toEqual(["cn-r0", "cn-r1"]);
    const late = planAt(30 * 24, ["COMPLIANT"], narrow.state);
    expect(late.state.entries.map(({ regionId }) => regionId)).toEqual(["cn-r0"]);
  });

  test("a region in scope is not forgotten, however seldom it is looked at", () => {
    const told = accepted(planAt(0, ["NON_COMPLIANT", "NON_COMPLIANT"]), 0);
    const plan = planAt(31 * 24, ["NON_COMPLIANT", "COMPLIANT"], told);
    expect(newsOf(plan)).toEqual(["reminder cn-r0", "resolved cn-r1"]);
  });

  test("what a clock far ahead has left keeps nobody from being told", () => {
    const policy = { ...POLICY, summaryEveryMs: 7 * DAY };
    const options = { policy };
    const years = 9_000 * 24;
    const ahead = accepted(
      planAt(years, ["COMPLIANT", "NON_COMPLIANT"], EMPTY_STATE, options),
      years,
    );
    const first = planAt(0, ["NON_COMPLIANT", "NON_COMPLIANT"], ahead, options);
    expect(newsOf(first)).toEqual(["opened cn-r0"]);
    const reminded = planAt(24, ["NON_COMPLIANT", "NON_COMPLIANT"], accepted(first, 0), options);
    expect(newsOf(reminded)).toEqual(["reminder cn-r0", "reminder cn-r1"]);
    const over = planAt(25, ["COMPLIANT", "COMPLIANT"], accepted(reminded, 24), options);
    const well = planAt(7 * 24, ["COMPLIANT", "COMPLIANT"], accepted(over, 25), options);
    expect(well.summaries).toEqual(["chat"]);
  });

  test("a summary comes a whole interval after a receiver was first seen, not beside news, and not to who is told in every run", () => {
    const policy = { ...POLICY, summaryEveryMs: 7 * DAY };
    const options = { policy, listeners: [CHAT, PAGER] };
    const first = planAt(0, ["COMPLIANT"], EMPTY_STATE, options);
    expect(first.summaries).toEqual([]);
    const due = planAt(7 * 24, ["COMPLIANT"], first.state, options);
    expect([due.reason, due.summaries]).toEqual(["SUMMARY", ["chat"]]);
    const busy = planAt(7 * 24, ["NON_COMPLIANT"], first.state, options);
    expect([busy.reason, busy.summaries]).toEqual(["NEWS", []]);
    const state = rememberSummary(due.state, "chat", 7 * DAY);
    expect(planAt(7 * 24 + 1, ["COMPLIANT"], state, options).summaries).toEqual([]);
    expect(planAt(14 * 24, ["COMPLIANT"], state, options).summaries).toEqual(["chat"]);
  });
});
