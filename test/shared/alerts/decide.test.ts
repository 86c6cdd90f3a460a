import { describe, expect, test } from "vitest";

import {
  type Entry,
  type ConditionRecord,
  NEVER_NOTIFIED,
  NO_RECORD,
  type ReceiverRecord,
} from "../../../shared/alerts/alert-state.ts";
import type { Change, ChangeEvent } from "../../../shared/alerts/alert.ts";
import {
  changesFor,
  decideUnreadable,
  hasElapsed,
  decideOpen,
  recordAfterAttempt,
  recordAfterConfirmed,
  type Decision,
} from "../../../shared/alerts/decide.ts";
import type { Finding } from "../../../shared/audit/finding.ts";
import { reportWith } from "../../harness/report-with.ts";

const HOUR = 3_600_000;
const POLICY = { repeatAfterMs: 24 * HOUR, unreadableAfter: 2 };
const UNTIL = "2026-12-09";

/** Times are hours. */
interface Row {
  /** When the present condition began, and why; for a region that cannot be read, in how many runs. */
  readonly present: readonly [since: number, code?: string | number] | null;
  /** What the receiver confirmed: of a condition since, at, why, exempt until. */
  readonly notified: readonly [since: number, at: number, code?: string, until?: string] | null;
  /** What was sent after that with an unknown outcome, of a condition since, exempt until. */
  readonly sent?: readonly [event: ChangeEvent, since: number, until?: string];
  readonly exempt?: string;
  readonly now: number;
  readonly says: string;
}

function outcomeOf(decision: Decision): string {
  return "event" in decision ? decision.event : decision.noChange;
}

function recordOf({ notified, sent }: Row, defaultCode: string | null): ConditionRecord {
  return {
    confirmed: notified && {
      sinceMs: notified[0] * HOUR,
      atMs: notified[1] * HOUR,
      code: notified[2] ?? defaultCode,
      exemptUntil: notified[3] ?? null,
    },
    unconfirmed:
      sent === undefined
        ? null
        : {
            event: sent[0],
            sinceMs: sent[1] * HOUR,
            atMs: sent[1] * HOUR,
            exemptUntil: sent[2] ?? null,
          },
  };
}

describe("decideOpen: by the entry and the record of a receiver", () => {
  test.each<Row>([
    { present: null, notified: null, now: 9, says: "ALL_WELL" },
    { present: [5], notified: null, now: 5, says: "opened" },
    // A receiver that was down for days is notified late rather than never.
    { present: [5], notified: null, now: 99, says: "opened" },
    { present: [5], notified: [5, 5], now: 6, says: "ALREADY_NOTIFIED" },
    { present: [5], notified: [5, 5], now: 28, says: "ALREADY_NOTIFIED" },
    { present: [5], notified: [5, 5], now: 29, says: "reminder" },
    // The run of the next day ended some seconds earlier than the one of the day before.
    { present: [5], notified: [5, 5], now: 28.99, says: "reminder" },
    { present: [5], notified: [5, 5], now: 28.8, says: "ALREADY_NOTIFIED" },
    { present: [5], notified: [5, 5], now: 28.91, says: "ALREADY_NOTIFIED" },
    { present: [5], notified: [5, 29], now: 30, says: "ALREADY_NOTIFIED" },
    { present: [5, "OTHER"], notified: [5, 5], now: 6, says: "changed" },
    { present: [5, "OTHER"], notified: [5, 5, "OTHER"], now: 6, says: "ALREADY_NOTIFIED" },
    { present: null, notified: [5, 5], now: 6, says: "resolved" },
    // It ended and began again while the receiver was down.
    { present: [8], notified: [5, 5], now: 9, says: "opened" },

    // An unconfirmed beginning is sent again while the condition lasts, and its end when it is over.
    { present: [5], notified: null, sent: ["opened", 5], now: 6, says: "opened" },
    { present: null, notified: null, sent: ["opened", 5], now: 6, says: "resolved" },
    { present: [8], notified: [5, 5], sent: ["opened", 8], now: 9, says: "opened" },
    { present: [5], notified: [5, 5], sent: ["opened", 5], now: 9, says: "opened" },
    { present: [8], notified: null, sent: ["opened", 5], now: 9, says: "opened" },
    // An unconfirmed end is sent again until it is confirmed.
    { present: null, notified: [5, 5], sent: ["resolved", 5], now: 7, says: "resolved" },
    { present: null, notified: null, sent: ["resolved", 5], now: 7, says: "resolved" },
    { present: [8], notified: [5, 5], sent: ["resolved", 5], now: 8, says: "opened" },
    // A receiver that may know it as no longer checked is notified that it is open after all.
    { present: [5], notified: [5, 5], sent: ["unscoped", 5], now: 8, says: "opened" },
    { present: null, notified: [5, 5], sent: ["unscoped", 5], now: 8, says: "resolved" },
    // Other unconfirmed changes do not count as confirmed either.
    { present: [5], notified: [5, 5], sent: ["reminder", 5], now: 30, says: "reminder" },
    { present: [5], notified: [5, 29], sent: ["reminder", 5], now: 30, says: "ALREADY_NOTIFIED" },
    { present: [5, "OTHER"], notified: [5, 5], sent: ["changed", 5], now: 7, says: "changed" },
    { present: [5], notified: [5, 5], sent: ["changed", 5], now: 7, says: "changed" },
    { present: null, notified: [5, 5], sent: ["changed", 5], now: 7, says: "resolved" },

    // An exemption is sent once to receivers that know of the beginning; so is another last day.
    { present: [5], notified: null, exempt: UNTIL, now: 5, says: "EXEMPT" },
    { present: [5], notified: [5, 5], exempt: UNTIL, now: 6, says: "changed" },
    { present: [5], notified: null, sent: ["opened", 5], exempt: UNTIL, now: 6, says: "changed" },
    {
      present: [5],
      notified: [5, 6, "NOT_ACTIVATED", UNTIL],
      exempt: UNTIL,
      now: 99,
      says: "EXEMPT",
    },
    {
      present: [5],
      notified: [5, 6, "NOT_ACTIVATED", "2026-12-01"],
      exempt: UNTIL,
      now: 99,
      says: "changed",
    },
    {
      present: [5],
      notified: [5, 5],
      sent: ["changed", 5, UNTIL],
      exempt: UNTIL,
      now: 7,
      says: "changed",
    },
    {
      present: [5],
      notified: [5, 6, "NOT_ACTIVATED", UNTIL],
      sent: ["changed", 5, "2026-12-01"],
      exempt: UNTIL,
      now: 99,
      says: "changed",
    },
    // It is activated while it is exempt.
    { present: null, notified: [5, 5], exempt: UNTIL, now: 99, says: "resolved" },
    {
      present: null,
      notified: [5, 6, "NOT_ACTIVATED", UNTIL],
      exempt: UNTIL,
      now: 9,
      says: "resolved",
    },
    { present: null, notified: null, exempt: UNTIL, now: 9, says: "ALL_WELL" },
    // The exemption is over, and it is still open.
    { present: [5], notified: null, now: 99, says: "opened" },
    { present: [5], notified: [5, 6, "NOT_ACTIVATED", UNTIL], now: 7, says: "reminder" },
    { present: [5], notified: [5, 5], sent: ["changed", 5, UNTIL], now: 7, says: "reminder" },
  ])("$present, notified $notified, unconfirmed $sent, exempt $exempt, at $now → $says", (row) => {
    const [since = 0, code = "NOT_ACTIVATED"] = row.present ?? [];
    const open = row.present && { sinceMs: since * HOUR, code: String(code) };
    const known = recordOf(row, "NOT_ACTIVATED");
    const decision = decideOpen({ open }, known, row.exempt ?? null, row.now * HOUR, POLICY);
    expect(outcomeOf(decision)).toBe(row.says);
  });

  test("a receiver that repeats by itself is reminded in every run", () => {
    const open = { sinceMs: 5 * HOUR, code: "NOT_ACTIVATED" };
    const policy = { ...POLICY, repeatAfterMs: 0 };
    const confirmed = { ...open, atMs: 6 * HOUR, exemptUntil: null };
    const known = { confirmed, unconfirmed: null };
    expect(decideOpen({ open }, known, null, 6 * HOUR, policy)).toEqual({ event: "reminder" });
  });
});

describe("decideUnreadable: by the number of runs and the record of a receiver", () => {
  test.each<Row>([
    { present: null, notified: null, now: 9, says: "ALL_WELL" },
    { present: [5, 1], notified: null, now: 5, says: "NOT_UNREADABLE_YET" },
    { present: [5, 2], notified: null, now: 6, says: "unreadable" },
    { present: [5, 40], notified: null, now: 45, says: "unreadable" },
    { present: [5, 3], notified: [5, 6], now: 7, says: "ALREADY_NOTIFIED" },
    { present: [5, 25], notified: [5, 6], now: 30, says: "reminder" },
    { present: null, notified: [5, 6], now: 7, says: "readable" },
    // It was readable for a while, when the receiver was down.
    { present: [9, 1], notified: [5, 6], now: 9, says: "NOT_UNREADABLE_YET" },
    { present: [9, 2], notified: [5, 6], now: 10, says: "unreadable" },

    { present: [5, 3], notified: null, sent: ["unreadable", 5], now: 7, says: "unreadable" },
    { present: null, notified: null, sent: ["unreadable", 5], now: 7, says: "readable" },
    { present: null, notified: [5, 6], sent: ["readable", 5], now: 8, says: "readable" },
    {
      present: [9, 1],
      notified: [5, 6],
      sent: ["readable", 5],
      now: 9,
      says: "NOT_UNREADABLE_YET",
    },
    { present: [9, 2], notified: [5, 6], sent: ["readable", 5], now: 10, says: "unreadable" },
    { present: [5, 9], notified: [5, 6], sent: ["unscoped", 5], now: 14, says: "unreadable" },

    { present: [5, 2], notified: null, exempt: UNTIL, now: 6, says: "EXEMPT" },
    { present: [5, 3], notified: [5, 6], exempt: UNTIL, now: 7, says: "changed" },
    { present: null, notified: [5, 6], exempt: UNTIL, now: 7, says: "readable" },
    { present: null, notified: null, exempt: UNTIL, now: 7, says: "ALL_WELL" },
  ])("$present, notified $notified, unconfirmed $sent, exempt $exempt, at $now → $says", (row) => {
    const [since = 0, runs = 1] = row.present ?? [];
    const unreadable = row.present && {
      sinceMs: since * HOUR,
      runs: Number(runs),
      code: "TIMEOUT",
      lastRunId: "run",
    };
    const known = recordOf(row, null);
    const decision = decideUnreadable(
      { unreadable },
      known,
      row.exempt ?? null,
      row.now * HOUR,
      POLICY,
    );
    expect(outcomeOf(decision)).toBe(row.says);
  });
});

// The tolerance is 5 minutes, and a tenth of a shorter interval.
test.each([
  [24 * 60, 24 * 60 - 5, true],
  [24 * 60, 24 * 60 - 6, false],
  [50, 45, true],
  [50, 44, false],
  [20, 18, true],
  [20, 17, false],
  [0, 0, true],
])("of an interval of %i minutes, %i have elapsed: %s", (interval, elapsed, is) => {
  expect(hasElapsed(7 * HOUR, 7 * HOUR + elapsed * 60_000, interval * 60_000)).toBe(is);
});

function findingOf(status: "COMPLIANT" | "INSUFFICIENT_DATA" | "NON_COMPLIANT"): Finding {
  const [finding] = reportWith([status]).findings;
  if (finding === undefined) throw new Error("there is one");
  return finding;
}

const OPEN = { sinceMs: 5 * HOUR, code: "NOT_ACTIVATED" };

test("an open region that cannot be read stays open, and is notified as unreadable too", () => {
  const finding = findingOf("INSUFFICIENT_DATA");
  const entry: Entry = {
    ...finding,
    seenAtMs: 30 * HOUR,
    open: OPEN,
    unreadable: { sinceMs: 29 * HOUR, runs: 2, code: "TIMEOUT", lastRunId: "run" },
    notified: {},
  };
  const confirmed = { ...OPEN, atMs: 10 * HOUR, exemptUntil: null };
  const before: ReceiverRecord = {
    open: { confirmed, unconfirmed: null },
    unreadable: NEVER_NOTIFIED,
  };
  const changes = changesFor(entry, before, finding, 34 * HOUR, POLICY);
  expect(changes).toEqual([
    { event: "reminder", condition: "open", sinceMs: 5 * HOUR, finding },
    { event: "unreadable", condition: "unreadable", sinceMs: 29 * HOUR, finding },
  ]);
  const after = changes.reduce(
    (notified, change) => recordAfterConfirmed(notified, change, entry, 34 * HOUR),
    before,
  );
  expect(after).toEqual({
    open: { confirmed: { ...confirmed, atMs: 34 * HOUR }, unconfirmed: null },
    unreadable: {
      confirmed: { sinceMs: 29 * HOUR, code: null, atMs: 34 * HOUR, exemptUntil: null },
      unconfirmed: null,
    },
  });
  expect(changesFor(entry, after, finding, 35 * HOUR, POLICY)).toEqual([]);
});

test("a confirmed end leaves an empty record", () => {
  const finding = findingOf("COMPLIANT");
  const entry: Entry = {
    ...finding,
    seenAtMs: 30 * HOUR,
    open: null,
    unreadable: null,
    notified: {},
  };
  const before: ReceiverRecord = {
    open: { confirmed: { ...OPEN, atMs: 10 * HOUR, exemptUntil: null }, unconfirmed: null },
    unreadable: {
      confirmed: null,
      unconfirmed: { event: "unreadable", sinceMs: 6 * HOUR, atMs: 8 * HOUR, exemptUntil: null },
    },
  };
  const changes = changesFor(entry, before, finding, 30 * HOUR, POLICY);
  expect(changes.map(({ event, sinceMs }) => [event, sinceMs])).toEqual([
    ["resolved", 5 * HOUR],
    ["readable", 6 * HOUR],
  ]);
  const after = changes.reduce(
    (notified, change) => recordAfterConfirmed(notified, change, entry, 0),
    before,
  );
  expect(after).toEqual(NO_RECORD);
});

describe("the record of a receiver after a change", () => {
  const finding = findingOf("NON_COMPLIANT");
  const exemption = {
    owner: "net-team",
    reason: "NET-42",
    expires: UNTIL,
    endsSoon: false,
    observed: finding,
  };
  const exempt: Finding = { ...finding, status: "IGNORED", exemption };
  const unreadable = { sinceMs: 6 * HOUR, runs: 2, code: "TIMEOUT", lastRunId: "run" };
  const entry: Entry = { ...finding, seenAtMs: 0, open: OPEN, unreadable, notified: {} };
  const confirmed = { ...OPEN, atMs: 5 * HOUR, exemptUntil: null };
  const unconfirmed = {
    event: "opened",
    sinceMs: 5 * HOUR,
    atMs: 5 * HOUR,
    exemptUntil: null,
  } as const;
  const before: ReceiverRecord = {
    open: { confirmed, unconfirmed },
    unreadable: { confirmed: { ...confirmed, code: null }, unconfirmed: null },
  };
  const changeOf = (
    event: ChangeEvent,
    condition: "open" | "unreadable",
    of = finding,
  ): Change => ({
    event,
    condition,
    sinceMs: 5 * HOUR,
    finding: of,
  });

  test.each<[ChangeEvent, "open" | "unreadable"]>([
    ["resolved", "open"],
    ["readable", "unreadable"],
    ["unscoped", "open"],
    ["unscoped", "unreadable"],
  ])(
    "that it confirmed, %s of %s, is empty, although the condition may come back",
    (event, condition) => {
      expect(recordAfterConfirmed(before, changeOf(event, condition), entry, 9 * HOUR)).toEqual({
        ...before,
        [condition]: NEVER_NOTIFIED,
      });
    },
  );

  test("that it confirmed, while the condition lasts, has nothing unconfirmed", () => {
    const changed = changeOf("changed", "open", exempt);
    expect(recordAfterConfirmed(before, changed, entry, 9 * HOUR)).toEqual({
      ...before,
      open: {
        confirmed: { ...OPEN, atMs: 9 * HOUR, exemptUntil: UNTIL },
        unconfirmed: null,
      },
    });
  });

  test.each<[ChangeEvent, Finding, string | null]>([
    ["opened", finding, null],
    ["changed", finding, null],
    ["changed", exempt, UNTIL],
    ["resolved", exempt, null],
  ])("that may have arrived, %s, has it beside the confirmed change", (event, of, exemptUntil) => {
    const change = changeOf(event, "open", of);
    expect(recordAfterAttempt(before, change, 9 * HOUR)).toEqual({
      ...before,
      open: {
        confirmed,
        unconfirmed: { event, sinceMs: 5 * HOUR, atMs: 9 * HOUR, exemptUntil },
      },
    });
  });

  test("that may have arrived, without a known beginning, has the time of that change", () => {
    const change: Change = { ...changeOf("unscoped", "open"), sinceMs: null };
    const { open } = recordAfterAttempt(NO_RECORD, change, 9 * HOUR);
    expect(open.unconfirmed?.sinceMs).toBe(9 * HOUR);
  });

  test("an end has the start time of the last message that may have been sent, not of the last confirmed one", () => {
    const well = { ...entry, open: null, unreadable: null };
    const later = { ...unconfirmed, sinceMs: 8 * HOUR };
    const record: ReceiverRecord = { ...NO_RECORD, open: { confirmed, unconfirmed: later } };
    expect(changesFor(well, record, findingOf("COMPLIANT"), 9 * HOUR, POLICY)).toMatchObject([
      { event: "resolved", sinceMs: 8 * HOUR },
    ]);
  });
});
