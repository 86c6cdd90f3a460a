import { describe, expect, test } from "vitest";

import { absenceIn } from "../../../shared/alerts/absence.ts";
import { absentChanges } from "../../../shared/alerts/absent-changes.ts";
import {
  type Entry,
  NEVER_NOTIFIED,
  NO_RECORD,
  type ReceiverRecord,
} from "../../../shared/alerts/alert-state.ts";
import type { Change } from "../../../shared/alerts/alert.ts";
import { recordAfterAttempt, recordAfterConfirmed } from "../../../shared/alerts/decide.ts";
import type { Finding, Status } from "../../../shared/audit/finding.ts";
import { reportWith } from "../../harness/report-with.ts";
import { entryOf } from "../../harness/state-with.ts";

const HOUR = 3_600_000;
const POLICY = { repeatAfterMs: 24 * HOUR, unreadableAfter: 2 };
const RUN = { runId: "run", startedAtMs: 9 * HOUR, finishedAtMs: 9 * HOUR, wholeScope: true };

const box = (id: string) => ({ type: "ACME::Box", id });

function findingAt(regionId: string, status: Status, boxId?: string): Finding {
  const [finding] = reportWith([status]).findings;
  if (finding === undefined) throw new Error("a report has a finding");
  const about = boxId === undefined ? {} : { resource: box(boxId) };
  return { ...finding, regionId, ...about };
}

function entryAt(regionId: string, boxId?: string, more: Partial<Entry> = {}): Entry {
  const about = boxId === undefined ? {} : { resource: box(boxId) };
  return { ...entryOf(regionId), seenAtMs: 8 * HOUR, ...about, ...more };
}

/** The absence of a box in one region, of another box, and of the region itself. */
function kindsIn(findings: readonly Finding[], run: Partial<typeof RUN> = {}): string[] {
  const report = { ...reportWith([]), findings, scope: reportWith(["COMPLIANT"]).scope };
  const absenceOf = absenceIn(report, { ...RUN, ...run });
  return [entryAt("cn-r0", "box-1"), entryAt("cn-r0", "box-2"), entryAt("cn-r0")].map(
    (entry) => absenceOf(entry)?.kind ?? "-",
  );
}

function exempt(finding: Finding): Finding {
  const { status, reason } = finding;
  const observed = { status, reason };
  const about = { owner: "net-team", reason: "NET-42", expires: "2099-01-01", endsSoon: false };
  return { ...finding, status: "IGNORED", exemption: { ...about, observed } };
}

describe("a subject without a finding", () => {
  test.each<[string, readonly Finding[], readonly [string, string, string]]>([
    ["a resource", [findingAt("cn-r0", "COMPLIANT", "box-1")], ["-", "gone", "by-resource"]],
    [
      "resources that could not be read",
      [findingAt("cn-r0", "INSUFFICIENT_DATA", "box-1")],
      ["-", "gone", "by-resource"],
    ],
    ["no resources", [findingAt("cn-r0", "NOT_APPLICABLE")], ["gone", "gone", "-"]],
    [
      "no resources, and the region is exempt",
      [exempt(findingAt("cn-r0", "NOT_APPLICABLE"))],
      ["gone", "gone", "-"],
    ],
    ["a region", [findingAt("cn-r0", "NON_COMPLIANT")], ["unscoped", "unscoped", "-"]],
    [
      "a region that could not be read",
      [findingAt("cn-r0", "INSUFFICIENT_DATA")],
      ["unread", "unread", "-"],
    ],
    [
      "a region that could not be read, and is exempt",
      [exempt(findingAt("cn-r0", "INSUFFICIENT_DATA"))],
      ["unread", "unread", "-"],
    ],
    [
      "another region",
      [findingAt("cn-r1", "INSUFFICIENT_DATA")],
      ["unscoped", "unscoped", "unscoped"],
    ],
    [
      "another rule",
      [{ ...findingAt("cn-r0", "INSUFFICIENT_DATA"), ruleId: "sample-rule" }],
      ["unscoped", "unscoped", "unscoped"],
    ],
  ])("where there is %s", (_what, findings, kinds) => {
    expect(kindsIn(findings)).toEqual(kinds);
    // A run of a part of the scope does not show what has left it, but what is gone in what it read.
    const narrowed = kinds.map((kind) => (kind === "unscoped" ? "-" : kind));
    expect(kindsIn(findings, { wholeScope: false })).toEqual(narrowed);
    // The entries were observed by a run that began later.
    expect(kindsIn(findings, { startedAtMs: 7 * HOUR })).toEqual(["-", "-", "-"]);
  });

  test("the worst finding of a region's resources decides the absence of the region's entry", () => {
    const statuses = [
      "IGNORED",
      "NOT_APPLICABLE",
      "COMPLIANT",
      "INSUFFICIENT_DATA",
      "NON_COMPLIANT",
    ] as const;
    for (const [index, worst] of statuses.entries()) {
      const better = statuses
        .slice(0, index + 1)
        .map((status) => findingAt("cn-r0", status, `box-${status}`));
      for (const findings of [better, better.toReversed()]) {
        const absence = absenceIn({ ...reportWith([]), findings }, RUN)(entryAt("cn-r0"));
        expect(absence).toMatchObject({ kind: "by-resource", worst: { status: worst } });
      }
    }
  });
});

describe("the changes", () => {
  const finding = findingAt("cn-r0", "NON_COMPLIANT", "box-1");
  const opened: Change = { event: "opened", condition: "open", sinceMs: 5 * HOUR, finding };
  const before = entryAt("cn-r0", "box-1", { open: { sinceMs: 5 * HOUR, code: "OPEN" } });
  const perhaps = recordAfterAttempt(NO_RECORD, opened, 5 * HOUR);
  const confirmed = recordAfterConfirmed(NO_RECORD, opened, before, 5 * HOUR);

  const region = findingAt("cn-r0", "INSUFFICIENT_DATA");

  function changesOf(
    kind: "unscoped" | "unread",
    notified: ReceiverRecord,
    entry = before,
    nowMs = 9 * HOUR,
    found = region,
  ) {
    const isUnread = kind === "unread";
    const absence = isUnread ? ({ kind, region: found } as const) : ({ kind } as const);
    const after = isUnread ? entry : { ...entry, open: null, unreadable: null };
    return absentChanges({ absence, entry: after, before: entry }, notified, nowMs, POLICY);
  }

  test("unscoped is sent to receivers that know of the subject, or may, until they confirm it", () => {
    expect(changesOf("unscoped", NO_RECORD)).toEqual([]);
    expect(changesOf("unscoped", perhaps)).toMatchObject([
      { event: "unscoped", condition: "open", sinceMs: 5 * HOUR, finding: { regionId: "cn-r0" } },
    ]);
    const [unscoped] = changesOf("unscoped", perhaps);
    if (unscoped === undefined) throw new Error("there is one");
    const sent = recordAfterAttempt(perhaps, unscoped, 7 * HOUR);
    expect(changesOf("unscoped", sent)).toMatchObject([{ event: "unscoped", sinceMs: 5 * HOUR }]);
    const after = { ...before, open: null };
    const confirmedUnscoped = recordAfterConfirmed(sent, unscoped, after, 8 * HOUR);
    expect(changesOf("unscoped", confirmedUnscoped)).toEqual([]);
  });

  test.each<[string, Entry, ReceiverRecord, string]>([
    ["of the entry", before, perhaps, "OPEN"],
    ["that the receiver confirmed", { ...before, open: null }, confirmed, "OPEN"],
    ["that is not recorded", { ...before, open: null }, perhaps, "NON_COMPLIANT"],
  ])("an unscoped change has the code %s", (_what, entry, notified, code) => {
    expect(changesOf("unscoped", notified, entry)).toMatchObject([
      {
        finding: {
          resource: box("box-1"),
          status: "NON_COMPLIANT",
          reason: {
            code,
            message: "It is no longer checked. It was not compliant when it was last read.",
          },
        },
      },
    ]);
  });

  test("a condition of a resource that was not read lasts: receivers are reminded, and sent no end", () => {
    expect(changesOf("unread", NO_RECORD)).toMatchObject([{ event: "opened" }]);
    expect(changesOf("unread", confirmed)).toEqual([]);
    expect(changesOf("unread", confirmed, before, 29 * HOUR)).toMatchObject([
      {
        event: "reminder",
        condition: "open",
        sinceMs: 5 * HOUR,
        finding: {
          regionId: "cn-r0",
          resource: box("box-1"),
          // What was found of the region; nobody has seen that the resource is not compliant.
          status: "INSUFFICIENT_DATA",
          reason: region.reason,
          evidence: region.evidence,
        },
      },
    ]);
    // It ended when it was last read, and the end may not have arrived: it is kept until the list is read.
    expect(changesOf("unread", confirmed, { ...before, open: null })).toEqual([]);
    const unreadable = { sinceMs: 6 * HOUR, code: "THROTTLED", runs: 2, lastRunId: "earlier" };
    expect(changesOf("unread", NO_RECORD, { ...before, open: null, unreadable })).toMatchObject([
      { event: "unreadable", finding: { reason: { code: "TIMEOUT" } } },
    ]);
  });

  test.each([
    [
      "that it confirmed",
      { confirmed: { ...confirmed.open.confirmed, exemptUntil: "2099-01-01" } },
    ],
    [
      "that may have arrived",
      {
        unconfirmed: {
          event: "changed",
          sinceMs: 5 * HOUR,
          atMs: 6 * HOUR,
          exemptUntil: "2099-01-01",
        },
      },
    ],
  ])("nothing is due to a receiver that knows of an exemption %s", (_what, known) => {
    const record = { ...NO_RECORD, open: { ...confirmed.open, ...known } } as ReceiverRecord;
    expect(changesOf("unread", record, before, 99 * HOUR)).toEqual([]);
  });

  test("an exemption of the region covers the resource", () => {
    const found = exempt(region);
    expect(changesOf("unread", NO_RECORD, before, 99 * HOUR, found)).toEqual([]);
    const [change, ...others] = changesOf("unread", confirmed, before, 9 * HOUR, found);
    if (change === undefined) throw new Error("there is one");
    expect(others).toEqual([]);
    expect(change).toMatchObject({
      event: "changed",
      condition: "open",
      finding: { resource: box("box-1"), exemption: { expires: "2099-01-01" } },
    });
    const sent = recordAfterAttempt(confirmed, change, 9 * HOUR);
    expect(changesOf("unread", sent, before, 10 * HOUR, found)).toMatchObject([change]);
    const known = recordAfterConfirmed(sent, change, before, 9 * HOUR);
    expect(changesOf("unread", known, before, 99 * HOUR, found)).toEqual([]);
  });

  test("a region whose resources were read is readable, and no longer checked as a whole", () => {
    const worst = findingAt("cn-r0", "NON_COMPLIANT", "box-1");
    const entry = entryAt("cn-r0", undefined, { open: null });
    const absent = { absence: { kind: "by-resource", worst }, entry, before: entry } as const;
    const known: ReceiverRecord = {
      open: NEVER_NOTIFIED,
      unreadable: {
        confirmed: { sinceMs: 3 * HOUR, code: null, atMs: 4 * HOUR, exemptUntil: null },
        unconfirmed: null,
      },
    };
    const { resource: _resource, ...region } = worst;
    // The message of the resource would be wrong of the region.
    const reason = {
      code: "NOT_ACTIVATED",
      message: "The resources of the region can be read again.",
    };
    const finding = { ...region, reason };
    expect(absentChanges(absent, known, 9 * HOUR, POLICY)).toEqual([
      { event: "readable", condition: "unreadable", sinceMs: 3 * HOUR, finding },
    ]);
    const both = { ...known, open: confirmed.open };
    expect(absentChanges(absent, both, 9 * HOUR, POLICY)).toMatchObject([
      { event: "unscoped", condition: "open" },
      { event: "readable", condition: "unreadable" },
    ]);
    expect(absentChanges(absent, NO_RECORD, 9 * HOUR, POLICY)).toEqual([]);
  });
});
