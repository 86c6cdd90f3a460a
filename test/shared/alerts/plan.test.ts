import { describe, expect, test } from "vitest";

import { accountOf, EMPTY_STATE, type State } from "../../../shared/alerts/alert-state.ts";
import {
  hidesAccount,
  type AlertReceiver,
  planWithoutState,
  planWithState,
} from "../../../shared/alerts/plan.ts";
import {
  forgetEnded,
  rememberFailed,
  rememberIntent,
  rememberSummary,
  rememberNotified,
} from "../../../shared/alerts/remember.ts";
import type { Status } from "../../../shared/audit/finding.ts";
import type { Report } from "../../../shared/audit/report.ts";
import { reportWith } from "../../harness/report-with.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const POLICY = { repeatAfterMs: DAY, unreadableAfter: 2, summaryEveryMs: null };
const CHAT = { name: "chat", wantsEveryRun: false };
const PAGER = { name: "pager", wantsEveryRun: true };

/** Plans one run of regions `cn-r0`, `cn-r1` and so on, at an hour. */
function planAt(
  hour: number,
  statuses: readonly Status[],
  before: State = EMPTY_STATE,
  {
    runId = `run-${hour}`,
    receivers = [CHAT],
    policy = POLICY,
    wholeScope = true,
  }: {
    readonly runId?: string;
    readonly wholeScope?: boolean;
    readonly receivers?: readonly AlertReceiver[];
    readonly policy?: Parameters<typeof planWithState>[4];
  } = {},
) {
  const run = { runId, startedAtMs: hour * HOUR, finishedAtMs: hour * HOUR, wholeScope };
  return planWithState(
    before,
    { ...reportWith(statuses), trigger: "timer" },
    receivers,
    run,
    policy,
  );
}

/** The changes of a receiver, as `event region`. */
function changeOf(plan: ReturnType<typeof planAt>, name = "chat"): string[] {
  return (plan.changes.get(name) ?? []).map(({ event, finding }) => `${event} ${finding.regionId}`);
}

/** The state once the chat has accepted everything. */
function accepted(plan: ReturnType<typeof planAt>, hour: number): State {
  return rememberNotified(plan.state, "chat", plan.changes.get("chat") ?? [], hour * HOUR);
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
    expect(plan.changes.get("chat") ?? []).toHaveLength(count);
    expect(plan.changes.has("chat")).toBe(count > 0);
  });

  test("the reason names a missing receiver", () => {
    const plan = planWithoutState(reportWith(["NON_COMPLIANT"]), []);
    expect(plan.reason).toBe("NO_RECEIVER_CONFIGURED");
    expect(planAt(1, ["NON_COMPLIANT"], EMPTY_STATE, { receivers: [] }).reason).toBe(plan.reason);
  });
});

describe("with a state", () => {
  test("a receiver is notified once, reminded after a day, and notified of the end once", () => {
    let plan = planAt(0, ["NON_COMPLIANT", "COMPLIANT"]);
    expect([plan.reason, changeOf(plan)]).toEqual(["CHANGES", ["opened cn-r0"]]);
    plan = planAt(1, ["NON_COMPLIANT", "COMPLIANT"], accepted(plan, 0));
    expect([plan.reason, changeOf(plan)]).toEqual(["NO_CHANGES", []]);
    plan = planAt(24, ["NON_COMPLIANT", "COMPLIANT"], plan.state);
    expect(changeOf(plan)).toEqual(["reminder cn-r0"]);
    plan = planAt(25, ["COMPLIANT", "COMPLIANT"], accepted(plan, 24));
    expect(changeOf(plan)).toEqual(["resolved cn-r0"]);
    plan = planAt(26, ["COMPLIANT", "COMPLIANT"], accepted(plan, 25));
    expect([plan.reason, changeOf(plan)]).toEqual(["ALL_WELL", []]);
  });

  test("the beginning stays the same while a subject is open or unreadable", () => {
    let { state } = planAt(0, ["NON_COMPLIANT"]);
    ({ state } = planAt(1, ["INSUFFICIENT_DATA"], state));
    const plan = planAt(2, ["NON_COMPLIANT"], state);
    expect(plan.changes.get("chat")).toMatchObject([{ event: "opened", sinceMs: 0 }]);
  });

  test("an unconfirmed beginning is sent in the next run, also when the region cannot be read then", () => {
    const plan = planAt(1, ["INSUFFICIENT_DATA"], planAt(0, ["NON_COMPLIANT"]).state);
    expect(changeOf(plan)).toEqual(["opened cn-r0"]);
  });

  test("a run that is repeated does not count twice towards unreadableAfter", () => {
    const first = planAt(0, ["INSUFFICIENT_DATA"], EMPTY_STATE, { runId: "same" });
    const again = planAt(1, ["INSUFFICIENT_DATA"], first.state, { runId: "same" });
    expect([again.reason, changeOf(again)]).toEqual(["ONLY_UNREADABLE", []]);
    expect(changeOf(planAt(2, ["INSUFFICIENT_DATA"], again.state))).toEqual(["unreadable cn-r0"]);
  });

  test("receivers are decided separately: one that keeps alerts is notified in every run", () => {
    const receivers = [CHAT, PAGER];
    const before = planAt(0, ["NON_COMPLIANT"], EMPTY_STATE, { receivers });
    let state = accepted(before, 0);
    state = rememberNotified(state, "pager", before.changes.get("pager") ?? [], 0);
    const plan = planAt(1, ["NON_COMPLIANT"], state, { receivers });
    expect(changeOf(plan)).toEqual([]);
    expect(changeOf(plan, "pager")).toEqual(["reminder cn-r0"]);
  });

  test.each(["constructor", "toString", "__proto__"])(
    "a receiver that is called %s has no record at first",
    (name) => {
      const policy = { ...POLICY, summaryEveryMs: DAY };
      const options = { receivers: [{ name, wantsEveryRun: false }], policy };
      const first = planAt(0, ["COMPLIANT", "NON_COMPLIANT"], EMPTY_STATE, options);
      expect(changeOf(first, name)).toEqual(["opened cn-r1"]);
      const state = rememberNotified(first.state, name, first.changes.get(name) ?? [], 0);
      const later = planAt(1, ["COMPLIANT", "COMPLIANT"], state, options);
      expect(changeOf(later, name)).toEqual(["resolved cn-r1"]);
    },
  );

  test("a run that began before the last observation changes nothing", () => {
    const later = planAt(2, ["COMPLIANT"]);
    const plan = planAt(1, ["NON_COMPLIANT"], later.state);
    expect(changeOf(plan)).toEqual([]);
    expect(plan.state.entries).toEqual(later.state.entries);
  });

  describe("an exemption", () => {
    function exemptAt(hour: number, observed: Status, before: State) {
      const [finding] = reportWith([observed]).findings;
      if (finding === undefined) throw new Error("there is one");
      const { status, reason } = finding;
      const agreed = { owner: "net-team", reason: "moving", expires: "2026-11-22", endsSoon: true };
      const exemption = { ...agreed, observed: { status, reason } };
      const findings: Report["findings"] = [{ ...finding, status: "IGNORED", exemption }];
      const run = { runId: `run-${hour}`, startedAtMs: hour * HOUR, finishedAtMs: hour * HOUR };
      const report = { ...reportWith(["IGNORED"]), findings };
      return planWithState(before, report, [CHAT], run, POLICY);
    }

    test("on an open region is notified once, and so is the end", () => {
      const before = accepted(planAt(0, ["NON_COMPLIANT"]), 0);
      const put = exemptAt(1, "NON_COMPLIANT", before);
      expect(put.changes.get("chat")).toMatchObject([
        { event: "changed", condition: "open", sinceMs: 0, finding: { status: "IGNORED" } },
      ]);
      // The receiver was down.
      expect(changeOf(exemptAt(2, "NON_COMPLIANT", put.state))).toEqual(["changed cn-r0"]);
      const during = exemptAt(30, "NON_COMPLIANT", accepted(put, 1));
      expect([during.reason, changeOf(during)]).toEqual(["ALL_WELL", []]);
      expect(changeOf(exemptAt(31, "COMPLIANT", during.state))).toEqual(["resolved cn-r0"]);
    });

    test("that ends while the region is open causes a reminder only to receivers that were notified before", () => {
      const put = exemptAt(1, "NON_COMPLIANT", accepted(planAt(0, ["NON_COMPLIANT"]), 0));
      expect(changeOf(planAt(2, ["NON_COMPLIANT"], accepted(put, 1)))).toEqual(["reminder cn-r0"]);
      const quiet = exemptAt(0, "NON_COMPLIANT", EMPTY_STATE);
      expect(changeOf(quiet)).toEqual([]);
      expect(changeOf(exemptAt(1, "COMPLIANT", quiet.state))).toEqual([]);
      expect(changeOf(planAt(1, ["NON_COMPLIANT"], quiet.state))).toEqual(["opened cn-r0"]);
    });

    test("of an unreadable region is notified in the same way", () => {
      const first = planAt(0, ["INSUFFICIENT_DATA"]);
      const unreadable = accepted(planAt(1, ["INSUFFICIENT_DATA"], first.state), 1);
      const put = exemptAt(2, "INSUFFICIENT_DATA", unreadable);
      expect(put.changes.get("chat")).toMatchObject([
        { event: "changed", condition: "unreadable" },
      ]);
      expect(changeOf(exemptAt(3, "COMPLIANT", accepted(put, 2)))).toEqual(["readable cn-r0"]);
    });
  });

  test("a run by hand, which may cover only a part, sends no summary", () => {
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

  test("entries of the unknown account are replaced once the account is known", () => {
    const report = reportWith(["NON_COMPLIANT"]);
    const unknown: Report = {
      ...report,
      scope: { ...report.scope, accounts: ["unknown"] },
      findings: report.findings.map((finding) => ({ ...finding, accountId: "unknown" })),
    };
    const run = { runId: "run-0", startedAtMs: 0, finishedAtMs: 0, wholeScope: true };
    const nameless = planWithState(EMPTY_STATE, unknown, [CHAT], run, POLICY);
    expect(hidesAccount(EMPTY_STATE, unknown)).toBe(false);
    expect(hidesAccount(nameless.state, unknown)).toBe(false);
    const known = planAt(1, ["NON_COMPLIANT"], accepted(nameless, 0));
    // The unknown account will not be observed any more.
    expect(changeOf(known)).toEqual(["opened cn-r0", "unscoped cn-r0"]);
    const after = forgetEnded(accepted(known, 1));
    expect(after.entries.map(({ accountId }) => accountId)).toEqual(["1234567890123456"]);
    expect(hidesAccount(planAt(1, ["COMPLIANT"]).state, unknown)).toBe(true);
    expect(hidesAccount(known.state, unknown)).toBe(true);
    expect(hidesAccount(known.state, report)).toBe(false);
  });

  test("a run with an assumed account notifies of beginnings, and of no end", () => {
    const before = accepted(planAt(0, ["NON_COMPLIANT", "COMPLIANT", "NON_COMPLIANT"]), 0);
    expect(accountOf(before)).toBe("1234567890123456");
    const run = { runId: "run-1", startedAtMs: HOUR, finishedAtMs: HOUR, wholeScope: true };
    const report = { ...reportWith(["COMPLIANT", "NON_COMPLIANT"]), accountAssumed: true } as const;
    const plan = planWithState(before, report, [CHAT], run, POLICY);
    expect(changeOf(plan)).toEqual(["opened cn-r1"]);
    const known = planAt(2, ["COMPLIANT", "NON_COMPLIANT"], accepted(plan, 1));
    expect(changeOf(known)).toEqual(["resolved cn-r0", "unscoped cn-r2"]);
  });

  test.each<[string[], string | null]>([
    [[], null],
    [["1"], "1"],
    [["1", "1"], "1"],
    [["1", "unknown"], "1"],
    [["unknown"], null],
    [["1", "2"], null],
  ])("the account of a state of %j is %s", (accountIds, account) => {
    const [entry] = planAt(0, ["NON_COMPLIANT"]).state.entries;
    const entries = accountIds.flatMap((accountId) => (entry ? [{ ...entry, accountId }] : []));
    expect(accountOf({ ...EMPTY_STATE, entries })).toBe(account);
    // Without findings to remember, a state has accounts and no entries.
    const accounts = Object.fromEntries(accountIds.map((id) => [id, { seenAtMs: 0 }]));
    expect(accountOf({ ...EMPTY_STATE, accounts })).toBe(account);
  });

  describe("a subject that a run does not audit", () => {
    const [two, one] = [["COMPLIANT", "NON_COMPLIANT"], ["COMPLIANT"]] as const;
    const narrowed = { wholeScope: false };
    const regionsOf = ({ state }: ReturnType<typeof planAt>): string[] =>
      state.entries.map(({ regionId }) => regionId);

    test("is kept by a run with a narrower scope, and dropped after a month if no receiver knows of it", () => {
      const narrow = planAt(1, one, planAt(0, two).state, narrowed);
      expect([changeOf(narrow), regionsOf(narrow)]).toEqual([[], ["cn-r1"]]);
      expect(regionsOf(planAt(30 * 24, one, narrow.state, narrowed))).toEqual([]);
      const notified = accepted(planAt(0, two), 0);
      const late = planAt(99 * 24, one, notified, narrowed);
      expect([changeOf(late), regionsOf(late)]).toEqual([[], ["cn-r1"]]);
    });

    test("is unscoped by a run of the whole scope: that is sent until it is confirmed, and then dropped", () => {
      const gone = planAt(1, one, accepted(planAt(0, two), 0));
      expect([gone.reason, changeOf(gone)]).toEqual(["CHANGES", ["unscoped cn-r1"]]);
      expect(gone.changes.get("chat")).toMatchObject([{ condition: "open", sinceMs: 0 }]);
      expect(changeOf(planAt(2, one, gone.state, narrowed))).toEqual([]);
      const again = planAt(3, one, gone.state);
      expect(changeOf(again)).toEqual(["unscoped cn-r1"]);
      expect(forgetEnded(accepted(again, 3)).entries).toEqual([]);
      // It is in scope again before the receiver was notified.
      expect(changeOf(planAt(4, two, gone.state))).toEqual(["opened cn-r1"]);
      expect(changeOf(planAt(4, ["COMPLIANT", "COMPLIANT"], gone.state))).toEqual([
        "resolved cn-r1",
      ]);
    });

    test("is dropped at once where no receiver was notified", () => {
      const gone = planAt(1, one, planAt(0, two).state);
      expect([gone.reason, changeOf(gone), regionsOf(gone)]).toEqual(["ALL_WELL", [], []]);
    });

    test("may be one of a rule whose id has changed, or one that was unreadable", () => {
      const unreadable = planAt(0, ["INSUFFICIENT_DATA"], EMPTY_STATE, { runId: "a" });
      const notified = accepted(
        planAt(1, ["INSUFFICIENT_DATA"], unreadable.state, { runId: "b" }),
        1,
      );
      const entries = notified.entries.map((entry) => ({ ...entry, ruleId: "called-so-before" }));
      const plan = planAt(2, ["INSUFFICIENT_DATA"], { ...notified, entries });
      expect(plan.changes.get("chat")).toMatchObject([
        { event: "unscoped", condition: "unreadable", finding: { ruleId: "called-so-before" } },
      ]);
    });

    test("may be another account's, which this run does not audit", () => {
      const notified = accepted(planAt(0, ["NON_COMPLIANT"]), 0);
      const entries = notified.entries.map((entry) => ({
        ...entry,
        accountId: "1234567890123457",
      }));
      const plan = planAt(1, one, { ...notified, entries });
      expect([changeOf(plan), regionsOf(plan)]).toEqual([[], ["cn-r0"]]);
    });

    test("is kept where a run that began later has observed it", () => {
      const notified = accepted(planAt(2, two), 2);
      expect(changeOf(planAt(1, one, notified))).toEqual([]);
    });
  });

  describe("a change with an unknown outcome", () => {
    /** The state after a run that sent everything, and died before it knew the outcome. */
    function sent(plan: ReturnType<typeof planAt>, hour: number): State {
      return rememberIntent(plan.state, "chat", plan.changes.get("chat") ?? [], hour * HOUR);
    }

    test("is sent again while it lasts, and so is its end", () => {
      const state = sent(planAt(0, ["NON_COMPLIANT"]), 0);
      const again = planAt(1, ["NON_COMPLIANT"], state);
      expect(changeOf(again)).toEqual(["opened cn-r0"]);
      const over = planAt(2, ["COMPLIANT"], sent(again, 1));
      expect(over.changes.get("chat")).toMatchObject([{ event: "resolved", sinceMs: 0 }]);
      const overAgain = planAt(3, ["COMPLIANT"], sent(over, 2));
      expect(changeOf(overAgain)).toEqual(["resolved cn-r0"]);
      expect(changeOf(planAt(4, ["COMPLIANT"], accepted(overAgain, 3)))).toEqual([]);
    });

    test("stays unknown when a later attempt certainly fails, and a certain failure alone is not recorded", () => {
      const state = sent(planAt(0, ["NON_COMPLIANT"]), 0);
      const again = planAt(1, ["NON_COMPLIANT"], state);
      const failed = rememberFailed(
        sent(again, 1),
        again.state,
        "chat",
        again.changes.get("chat") ?? [],
      );
      expect(changeOf(planAt(2, ["COMPLIANT"], failed))).toEqual(["resolved cn-r0"]);

      const first = planAt(0, ["NON_COMPLIANT"]);
      const never = rememberFailed(
        sent(first, 0),
        first.state,
        "chat",
        first.changes.get("chat") ?? [],
      );
      expect(changeOf(planAt(1, ["NON_COMPLIANT"], never))).toEqual(["opened cn-r0"]);
      expect(changeOf(planAt(1, ["COMPLIANT"], never))).toEqual([]);
    });
  });

  test("the size of a state grows with what is wrong, not with the scope", () => {
    const many = Array.from({ length: 30 }, (): Status => "COMPLIANT");
    const plan = planAt(0, ["NON_COMPLIANT", ...many, "INSUFFICIENT_DATA"]);
    expect(plan.state.entries.map(({ regionId }) => regionId)).toEqual(["cn-r0", "cn-r31"]);
    const over = planAt(1, ["COMPLIANT", ...many, "COMPLIANT"], accepted(plan, 0));
    expect(over.state.entries.map(({ regionId }) => regionId)).toEqual(["cn-r0"]);
    expect(forgetEnded(accepted(over, 1)).entries).toEqual([]);
  });

  test("a receiver that is no longer configured is dropped after a month", () => {
    const notified = accepted(planAt(0, ["NON_COMPLIANT"]), 0);
    const options = { receivers: [PAGER] };
    const over = planAt(1, ["COMPLIANT"], notified, options);
    expect(changeOf(planAt(2, ["COMPLIANT"], over.state))).toEqual(["resolved cn-r0"]);
    expect(planAt(31 * 24, ["COMPLIANT"], over.state, options).state.entries).toEqual([]);
  });

  test("an open region in scope is not dropped, however rarely it is audited", () => {
    const notified = accepted(planAt(0, ["NON_COMPLIANT", "NON_COMPLIANT"]), 0);
    const plan = planAt(31 * 24, ["NON_COMPLIANT", "COMPLIANT"], notified);
    expect(changeOf(plan)).toEqual(["reminder cn-r0", "resolved cn-r1"]);
  });

  test("timestamps of a clock far ahead suppress no alert", () => {
    const policy = { ...POLICY, summaryEveryMs: 7 * DAY };
    const options = { policy };
    const years = 9_000 * 24;
    const ahead = accepted(
      planAt(years, ["COMPLIANT", "NON_COMPLIANT"], EMPTY_STATE, options),
      years,
    );
    const first = planAt(0, ["NON_COMPLIANT", "NON_COMPLIANT"], ahead, options);
    expect(changeOf(first)).toEqual(["opened cn-r0"]);
    const reminded = planAt(24, ["NON_COMPLIANT", "NON_COMPLIANT"], accepted(first, 0), options);
    expect(changeOf(reminded)).toEqual(["reminder cn-r0", "reminder cn-r1"]);
    const over = planAt(25, ["COMPLIANT", "COMPLIANT"], accepted(reminded, 24), options);
    const well = planAt(7 * 24, ["COMPLIANT", "COMPLIANT"], accepted(over, 25), options);
    expect(well.summaries).toEqual(["chat"]);
  });

  test("a summary is due an interval after a receiver's first run, but not beside changes, nor to a receiver that keeps alerts", () => {
    const policy = { ...POLICY, summaryEveryMs: 7 * DAY };
    const options = { policy, receivers: [CHAT, PAGER] };
    const first = planAt(0, ["COMPLIANT"], EMPTY_STATE, options);
    expect(first.summaries).toEqual([]);
    const due = planAt(7 * 24, ["COMPLIANT"], first.state, options);
    expect([due.reason, due.summaries]).toEqual(["SUMMARY", ["chat"]]);
    const busy = planAt(7 * 24, ["NON_COMPLIANT"], first.state, options);
    expect([busy.reason, busy.summaries]).toEqual(["CHANGES", []]);
    const state = rememberSummary(due.state, "chat", 7 * DAY);
    expect(planAt(7 * 24 + 1, ["COMPLIANT"], state, options).summaries).toEqual([]);
    expect(planAt(14 * 24, ["COMPLIANT"], state, options).summaries).toEqual(["chat"]);
  });
});
