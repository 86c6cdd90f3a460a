import { describe, expect, test } from "vitest";

import type { Report } from "../../../shared/audit/report.ts";
import type { History, HistoryWindow, UnusableRun } from "../../../shared/history/history.ts";
import { Ledger } from "../../../shared/history/ledger.ts";
import { makeHistory } from "../../../shared/history/make-history.ts";
import { dayOf, describeDay, parseDay } from "../../../shared/history/utc-day.ts";
import { RULE_IDS } from "../../../shared/rules/rule-ids.ts";
import { loadRules } from "../../../shared/rules/rules.ts";
import { dayAt, runOf, runsOf } from "./timeline.ts";

const RULES = await loadRules(RULE_IDS);

function day(text: string): number {
  const found = parseDay(text);
  if (found === null) throw new Error(`${text} is a day`);
  return found;
}

/** March 1 to 10, 2026, all of them over. */
const TEN_DAYS: HistoryWindow = { from: null, to: day("2026-03-10"), isOpen: false };

function historyOf(
  reports: readonly Report[],
  window: Partial<HistoryWindow> = {},
  unusable: readonly UnusableRun[] = [],
): History {
  const ledger = new Ledger([
    ...reports.map(({ startedAt }) => dayOf(Date.parse(startedAt))),
    ...unusable.map((run) => run.day),
  ]);
  for (const report of reports) ledger.add(report);
  return makeHistory(ledger, RULES, { ...TEN_DAYS, ...window }, unusable);
}

/** The history of the one subject of that name. */
function subjectIn({ subjects }: History, name: string) {
  const found = subjects.filter(
    ({ regionId, resource, ruleId }) =>
      (ruleId === "flow-log-service-activated" ? regionId : `${regionId}/${resource?.id ?? ""}`) ===
      name,
  );
  expect(found).toHaveLength(1);
  const [subject] = found;
  if (subject === undefined) throw new Error("there is one");
  return subject;
}

function gapsOf(history: History, name: string): string[] {
  return subjectIn(history, name).gaps.map(
    ({ from, to, reason }) => `${describeDay(from).slice(8)}-${describeDay(to).slice(8)} ${reason}`,
  );
}

describe("what a region is, and since when", () => {
  test.each<[string, string | null, string, string | null]>([
    // timeline, status, day of since, last known
    ["CCCCCCCCCC", "COMPLIANT", "01", "COMPLIANT"],
    ["NNNNNCCCCC", "COMPLIANT", "06", "COMPLIANT"],
    ["CCCNCCCCCC", "COMPLIANT", "05", "COMPLIANT"],
    // What could not be read interrupts nothing, and is no status of the subject.
    ["CCC??CCCCC", "COMPLIANT", "01", "COMPLIANT"],
    ["CCCCCCCC??", "INSUFFICIENT_DATA", "09", "COMPLIANT"],
    ["??????????", "INSUFFICIENT_DATA", "01", null],
    ["?NNNNNNNNN", "NON_COMPLIANT", "02", "NON_COMPLIANT"],
    // A day without a run is not known to be an interruption.
    ["CCC   CCCC", "COMPLIANT", "01", "COMPLIANT"],
    ["NNNNeeeeee", "IGNORED", "05", "NON_COMPLIANT"],
    ["eeeeeccccc", "IGNORED", "01", "COMPLIANT"],
    ["eeeeeeeeqq", "IGNORED", "09", "NON_COMPLIANT"],
    ["eeeeeNNNNN", "NON_COMPLIANT", "06", "NON_COMPLIANT"],
  ])("%s: %s since %s", (timeline, status, since, lastKnown) => {
    const subject = subjectIn(historyOf(runsOf({ "cn-a": timeline })), "cn-a");
    expect({ ...subject, since: subject.since.slice(8, 10) }).toMatchObject({
      status,
      since,
      lastKnown,
    });
  });
});

describe("periods", () => {
  test("begin with each other status, and with each change of an exemption", () => {
    const history = historyOf(runsOf({ "cn-a": "CC?CNNeec " }));
    const { periods, unreadable, firstCompliant, lastCompliant } = subjectIn(history, "cn-a");
    expect(
      periods.map(({ status, from, to, runs, exemption }) =>
        [status, from.slice(8, 10), to.slice(8, 10), runs, exemption?.owner ?? "-"].join(" "),
      ),
    ).toEqual([
      "COMPLIANT 01 04 3 -",
      "NON_COMPLIANT 05 06 2 -",
      "NON_COMPLIANT 07 08 2 net-team",
      "COMPLIANT 09 09 1 net-team",
    ]);
    expect(unreadable).toEqual([
      {
        from: "2026-03-03T08:00:00.000Z",
        to: "2026-03-03T08:00:00.000Z",
        runs: 1,
        code: "TIMEOUT",
      },
    ]);
    expect([firstCompliant, lastCompliant]).toEqual([
      "2026-03-01T08:00:00.000Z",
      "2026-03-09T08:00:00.000Z",
    ]);
  });

  test("of two runs at the same moment are in the order of the runs", () => {
    const at = "2026-03-01T08:00:00.000Z";
    const history = historyOf([runOf(at, { "cn-a": "C" }), runOf(at, { "cn-a": "N" })]);
    expect(subjectIn(history, "cn-a")).toMatchObject({ status: "NON_COMPLIANT", since: at });
    expect(subjectIn(history, "cn-a").days).toEqual({ total: 10, covered: 1, compliant: 0 });
  });
});

describe("days", () => {
  test.each<[string, Partial<HistoryWindow>, number, number, number, string[]]>([
    // timeline, window, total, covered, compliant, gaps
    ["CCCCCCCCCC", {}, 10, 10, 10, []],
    ["CCCNNCCCCC", {}, 10, 10, 8, []],
    ["CC  CCCCCC", {}, 10, 8, 8, ["03-04 NO_RUN"]],
    ["CC??CCCCCC", {}, 10, 8, 8, ["03-04 UNREADABLE"]],
    ["CC? CCCCCC", {}, 10, 8, 8, ["03-03 UNREADABLE", "04-04 NO_RUN"]],
    // Without a beginning that was asked for, days count from the first run.
    ["  CCCCCCCC", {}, 8, 8, 8, []],
    ["  CCCCCCCC", { from: day("2026-03-01") }, 10, 8, 8, ["01-02 NO_RUN"]],
    ["CCCCCC    ", {}, 10, 6, 6, ["07-10 NO_RUN"]],
    // Today is not over, and counts from its first run on.
    ["CCCCCCCCC ", { isOpen: true }, 9, 9, 9, []],
    ["CCCCCCCCC?", { isOpen: true }, 10, 9, 9, ["10-10 UNREADABLE"]],
    ["CCCCCCCCCC", { isOpen: true }, 10, 10, 10, []],
    ["eeeeeccccc", {}, 10, 10, 5, []],
    ["??????????", {}, 10, 0, 0, ["01-10 UNREADABLE"]],
  ])(
    "%s in %j: %d, of which %d are covered",
    (timeline, window, total, covered, compliant, gaps) => {
      const history = historyOf(runsOf({ "cn-a": timeline }), window);
      expect(subjectIn(history, "cn-a").days).toEqual({ total, covered, compliant });
      expect(gapsOf(history, "cn-a")).toEqual(gaps);
    },
  );

  test("on which a region was not asked about are out of scope, and not without a run", () => {
    const history = historyOf(runsOf({ "cn-a": "CCCCCCCCCC", "cn-b": "CC  CC    " }));
    expect(gapsOf(history, "cn-b")).toEqual(["03-04 OUT_OF_SCOPE", "07-10 OUT_OF_SCOPE"]);
    expect(subjectIn(history, "cn-b").days).toEqual({ total: 10, covered: 4, compliant: 4 });
  });

  test("count from when a rule was first asked, where no beginning is asked for", () => {
    const timelines = { "cn-a": "CCCCCCCCCC", "cn-a/vpc-1": "     CCCCC" };
    const history = historyOf(runsOf(timelines));
    expect(subjectIn(history, "cn-a/vpc-1").days.total).toBe(5);
    const since = historyOf(runsOf(timelines), { from: day("2026-03-01") });
    expect(subjectIn(since, "cn-a/vpc-1").days).toEqual({ total: 10, covered: 5, compliant: 5 });
    expect(gapsOf(since, "cn-a/vpc-1")).toEqual(["01-05 OUT_OF_SCOPE"]);
  });

  test("of which only unusable evidence is left are named as that", () => {
    const unusable: UnusableRun = {
      name: "2026/03/04/x.manifest.json",
      day: day("2026-03-04"),
      code: "REPORT_CHANGED",
      message: "",
    };
    const history = historyOf(runsOf({ "cn-a": "CC  CCCCCC" }), {}, [unusable]);
    expect(gapsOf(history, "cn-a")).toEqual(["03-03 NO_RUN", "04-04 EVIDENCE_UNUSABLE"]);
    // Another run of that day covers it.
    const other = historyOf(runsOf({ "cn-a": "CC CCCCCCC" }), {}, [unusable]);
    expect(gapsOf(other, "cn-a")).toEqual(["03-03 NO_RUN"]);
  });

  test("are those of UTC, also where clocks are put forward", () => {
    // Both are March 29 in London, where the clocks go forward that night.
    const history = historyOf(
      [
        runOf("2026-03-28T23:59:59.999Z", { "cn-a": "C" }),
        runOf("2026-03-29T00:00:00.000Z", { "cn-a": "C" }),
        runOf("2026-03-29T23:30:00.000Z", { "cn-a": "C" }),
        runOf("2026-03-30T00:30:00.000Z", { "cn-a": "C" }),
      ],
      { to: day("2026-03-30") },
    );
    expect(subjectIn(history, "cn-a").days).toEqual({ total: 3, covered: 3, compliant: 3 });
  });

  test("before the window's beginning do not exist", () => {
    const history = historyOf(runsOf({ "cn-a": "     CCCCC" }), { from: day("2026-03-06") });
    expect(subjectIn(history, "cn-a").days.total).toBe(5);
    expect(dayAt(5)).toBe("2026-03-06");
  });
});

describe("a resource", () => {
  test("that is gone has no status, and its days end", () => {
    const timelines = { "cn-a/vpc-1": "CCCC      ", "cn-a/vpc-2": "CCCCCCCCCC" };
    const history = historyOf(runsOf(timelines));
    expect(subjectIn(history, "cn-a/vpc-1")).toMatchObject({
      status: null,
      since: "2026-03-05T08:00:00.000Z",
      lastKnown: "COMPLIANT",
      days: { total: 4, covered: 4, compliant: 4 },
      gaps: [],
    });
  });

  test("that came later has no days before", () => {
    const timelines = { "cn-a/vpc-1": "    CCCCCC", "cn-a/vpc-2": "CCCCCCCCCC" };
    const history = historyOf(runsOf(timelines), { from: day("2026-03-01") });
    expect(subjectIn(history, "cn-a/vpc-1").days).toEqual({ total: 6, covered: 6, compliant: 6 });
  });

  test("that went and came back is compliant only since then", () => {
    const timelines = { "cn-a/vpc-1": "CCC  CCCCC", "cn-a/vpc-2": "CCCCCCCCCC" };
    const subject = subjectIn(historyOf(runsOf(timelines)), "cn-a/vpc-1");
    expect(subject).toMatchObject({ status: "COMPLIANT", since: "2026-03-06T08:00:00.000Z" });
    expect(subject.periods).toHaveLength(2);
    expect(subject.days).toEqual({ total: 8, covered: 8, compliant: 8 });
  });

  test("is not known where its region could not be read", () => {
    const timelines = { "cn-a/vpc-1": "CCC  CCCCC", "cn-a/": "   ??     " };
    const history = historyOf(runsOf(timelines));
    expect(history.subjects).toHaveLength(1);
    expect(subjectIn(history, "cn-a/vpc-1")).toMatchObject({
      status: "COMPLIANT",
      since: "2026-03-01T08:00:00.000Z",
      days: { total: 10, covered: 8, compliant: 8 },
    });
    expect(gapsOf(history, "cn-a/vpc-1")).toEqual(["04-05 UNREADABLE"]);
  });

  test("is not known at the end either, though it was compliant", () => {
    const timelines = { "cn-a/vpc-1": "CCC       ", "cn-a/": "   ???????" };
    expect(subjectIn(historyOf(runsOf(timelines)), "cn-a/vpc-1")).toMatchObject({
      status: "INSUFFICIENT_DATA",
      since: "2026-03-04T08:00:00.000Z",
      lastKnown: "COMPLIANT",
    });
  });

  test("leaves a region without resources, which is one subject", () => {
    const timelines = { "cn-a/vpc-1": "CCC       ", "cn-a/": "   AAAAAAA" };
    const history = historyOf(runsOf(timelines));
    expect(subjectIn(history, "cn-a/vpc-1").status).toBeNull();
    expect(subjectIn(history, "cn-a/")).toMatchObject({
      status: "NOT_APPLICABLE",
      since: "2026-03-04T08:00:00.000Z",
      days: { total: 7, covered: 7, compliant: 0 },
    });
  });

  test("that was unreadable itself is no gap of the others", () => {
    const timelines = { "cn-a/vpc-1": "CC??CCCCCC", "cn-a/vpc-2": "CCCCCCCCCC" };
    const history = historyOf(runsOf(timelines));
    expect(gapsOf(history, "cn-a/vpc-1")).toEqual(["03-04 UNREADABLE"]);
    expect(gapsOf(history, "cn-a/vpc-2")).toEqual([]);
  });
});

describe("an account", () => {
  test("has the worst of its subjects, day by day", () => {
    const timelines = { "cn-a": "CCNC CC?ec", "cn-b": "CCCC CCNCC" };
    const [control, ...others] = historyOf(runsOf(timelines)).controls;
    expect(control?.control?.id).toBe("2.5");
    expect(others.map(({ control: other }) => other?.id)).toEqual(["3.3"]);
    expect(control?.accounts).toEqual([
      {
        accountId: "1234567890123456",
        accountName: null,
        subjects: 2,
        days: { total: 10, covered: 8, compliant: 6 },
        calendar: [
          ["01", "02", "COMPLIANT"],
          ["03", "03", "NON_COMPLIANT"],
          ["04", "04", "COMPLIANT"],
          ["05", "05", "NO_RUN"],
          ["06", "07", "COMPLIANT"],
          ["08", "08", "NON_COMPLIANT"],
          ["09", "09", "IGNORED"],
          ["10", "10", "COMPLIANT"],
        ].map(([from, to, status]) => ({
          from: day(`2026-03-${from}`),
          to: day(`2026-03-${to}`),
          status,
        })),
      },
    ]);
  });

  test.each([
    ["Ne", "NON_COMPLIANT"],
    ["Nc", "NON_COMPLIANT"],
    ["eN", "NON_COMPLIANT"],
    ["ec", "IGNORED"],
    ["CA", "COMPLIANT"],
  ])("has the worst of a day with several runs: %s is %s", (letters, status) => {
    const runs = Array.from(letters, (letter, hour) =>
      runOf(`2026-03-01T0${hour}:00:00.000Z`, { "cn-a": letter }),
    );
    const [control] = historyOf(runs).controls;
    expect(control?.accounts[0]?.calendar[0]?.status).toBe(status);
  });

  test("is not known on a day on which one subject was not observed", () => {
    const [control] = historyOf(runsOf({ "cn-a": "CCCCCCCCCC", "cn-b": "CC??CC  CC" })).controls;
    const { calendar = [], days } = control?.accounts[0] ?? {};
    expect(calendar.map(({ status }) => status)).toEqual([
      "COMPLIANT",
      "INSUFFICIENT_DATA",
      "COMPLIANT",
      "INSUFFICIENT_DATA",
      "COMPLIANT",
    ]);
    expect(days).toEqual({ total: 10, covered: 6, compliant: 6 });
  });
});

test.each([
  ["could not be read", "CCCCCCCCC?"],
  ["was not asked about", "CCCCCCCCC "],
])("today is not covered in an account of which a region %s", (_, timeline) => {
  const runs = runsOf({ "cn-a": "CCCCCCCCCC", "cn-b": timeline });
  const [control] = historyOf(runs, { isOpen: true }).controls;
  const { calendar = [], days } = control?.accounts[0] ?? {};
  expect(days).toEqual({ total: 10, covered: 9, compliant: 9 });
  expect(calendar.map(({ status }) => status)).toEqual(["COMPLIANT", "INSUFFICIENT_DATA"]);
});

test("a rule without controls is a group of its own", () => {
  const report = runOf("2026-03-01T08:00:00.000Z", { "cn-a/vpc-1": "C" });
  const findings = report.findings.map((it) => ({ ...it, ruleId: "vpc-flow-log-complete" }));
  const { controls } = historyOf([{ ...report, findings }]);
  expect(controls.map(({ control, ruleId }) => [control, ruleId])).toEqual([
    [null, "vpc-flow-log-complete"],
  ]);
});
