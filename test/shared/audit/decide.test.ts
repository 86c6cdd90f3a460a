import { describe, expect, test } from "vitest";

import {
  changesFor,
  decideBlind,
  decideOpen,
  toldAfter,
  type Verdict,
} from "../../../shared/audit/decide.ts";
import type { Entry, Told } from "../../../shared/audit/state.ts";
import { reportWith } from "../../harness/report-with.ts";

const HOUR = 3_600_000;
const POLICY = { repeatAfterMs: 24 * HOUR, blindAfter: 2 };

/** Hours stand for times: the condition since, told at, told of one since, now. */
interface Row {
  readonly open: readonly [since: number, code?: string] | null;
  readonly told: readonly [since: number, at: number, code?: string] | null;
  readonly exempt?: boolean;
  readonly now: number;
  readonly says: string;
}

function outcomeOf(verdict: Verdict): string {
  return "event" in verdict ? verdict.event : verdict.silent;
}

describe("a region that is not compliant, or was: what was known, what was told → what is due", () => {
  test.each<Row>([
    { open: null, told: null, now: 9, says: "ALL_WELL" },
    { open: [5], told: null, now: 5, says: "opened" },
    // A receiver that was down for days is told late rather than never.
    { open: [5], told: null, now: 99, says: "opened" },
    { open: [5], told: [5, 5], now: 6, says: "ALREADY_TOLD" },
    { open: [5], told: [5, 5], now: 28, says: "ALREADY_TOLD" },
    { open: [5], told: [5, 5], now: 29, says: "reminder" },
    // The run of the next day ended some seconds earlier than the one of the day before.
    { open: [5], told: [5, 5], now: 28.99, says: "reminder" },
    { open: [5], told: [5, 5], now: 28.8, says: "ALREADY_TOLD" },
    { open: [5], told: [5, 29], now: 30, says: "ALREADY_TOLD" },
    { open: [5, "OTHER"], told: [5, 5], now: 6, says: "changed" },
    { open: [5, "OTHER"], told: [5, 5, "OTHER"], now: 6, says: "ALREADY_TOLD" },
    { open: null, told: [5, 5], now: 6, says: "resolved" },
    // It was over and came again while the receiver was down.
    { open: [8], told: [5, 5], now: 9, says: "opened" },
    { open: [5], told: null, exempt: true, now: 5, says: "EXEMPT" },
    { open: [5], told: [5, 5], exempt: true, now: 99, says: "EXEMPT" },
    { open: null, told: [5, 5], exempt: true, now: 99, says: "EXEMPT" },
  ])("$open, told $told, exempt $exempt, at $now → $says", (row) => {
    const open = row.open && { sinceMs: row.open[0] * HOUR, code: row.open[1] ?? "NOT_ACTIVATED" };
    const told = row.told && {
      sinceMs: row.told[0] * HOUR,
      atMs: row.told[1] * HOUR,
      code: row.told[2] ?? "NOT_ACTIVATED",
    };
    const verdict = decideOpen(
      { open },
      { open: told },
      row.exempt === true,
      row.now * HOUR,
      POLICY,
    );
    expect(outcomeOf(verdict)).toBe(row.says);
  });

  test("a receiver that repeats by itself is reminded in every run", () => {
    const open = { sinceMs: 5 * HOUR, code: "NOT_ACTIVATED" };
    const policy = { ...POLICY, repeatAfterMs: 0 };
    const told = { open: { ...open, atMs: 6 * HOUR } };
    expect(decideOpen({ open }, told, false, 6 * HOUR, policy)).toEqual({ event: "reminder" });
  });
});

describe("a region that cannot be read, or could not: runs in a row, what was told → what is due", () => {
  test.each<{
    readonly unreadable: readonly [since: number, runs: number] | null;
    readonly told: readonly [since: number, at: number] | null;
    readonly exempt?: boolean;
    readonly now: number;
    readonly says: string;
  }>([
    { unreadable: null, told: null, now: 9, says: "ALL_WELL" },
    { unreadable: [5, 1], told: null, now: 5, says: "NOT_BLIND_YET" },
    { unreadable: [5, 2], told: null, now: 6, says: "blind" },
    { unreadable: [5, 40], told: null, now: 45, says: "blind" },
    { unreadable: [5, 3], told: [5, 6], now: 7, says: "ALREADY_TOLD" },
    { unreadable: [5, 25], told: [5, 6], now: 30, says: "reminder" },
    { unreadable: null, told: [5, 6], now: 7, says: "readable" },
    // Readable for a while, when the receiver was down.
    { unreadable: [9, 1], told: [5, 6], now: 9, says: "NOT_BLIND_YET" },
    { unreadable: [9, 2], told: [5, 6], now: 10, says: "blind" },
    { unreadable: [5, 2], told: null, exempt: true, now: 6, says: "EXEMPT" },
    { unreadable: null, told: [5, 6], exempt: true, now: 7, says: "EXEMPT" },
  ])("$unreadable, told $told, exempt $exempt, at $now → $says", (row) => {
    const unreadable = row.unreadable && {
      sinceMs: row.unreadable[0] * HOUR,
      runs: row.unreadable[1],
      code: "TIMEOUT",
      lastRunId: "run",
    };
    const blind = row.told && { sinceMs: row.told[0] * HOUR, atMs: row.told[1] * HOUR };
    const verdict = decideBlind(
      { unreadable },
      { blind },
      row.exempt === true,
      row.now * HOUR,
      POLICY,
    );
    expect(outcomeOf(verdict)).toBe(row.says);
  });
});

test("while a region cannot be read, what was known of it stays, and blindness is news of its own", () => {
  const [finding] = reportWith(["INSUFFICIENT_DATA"]).findings;
  if (finding === undefined) throw new Error("there is one");
  const open = { sinceMs: 5 * HOUR, code: "NOT_ACTIVATED" };
  const entry: Entry = {
    ...finding,
    seenAtMs: 30 * HOUR,
    open,
    unreadable: { sinceMs: 29 * HOUR, runs: 2, code: "TIMEOUT", lastRunId: "run" },
    told: {},
  };
  const before: Told = { open: { ...open, atMs: 10 * HOUR }, blind: null };
  const changes = changesFor(entry, before, finding, 34 * HOUR, POLICY);
  expect(changes).toEqual([
    { event: "reminder", condition: "open", sinceMs: 5 * HOUR, finding },
    { event: "blind", condition: "blind", sinceMs: 29 * HOUR, finding },
  ]);
  const after = changes.reduce((told, change) => toldAfter(told, change, entry, 34 * HOUR), before);
  expect(after).toEqual({
    open: { ...open, atMs: 34 * HOUR },
    blind: { sinceMs: 29 * HOUR, atMs: 34 * HOUR },
  });
  expect(changesFor(entry, after, finding, 35 * HOUR, POLICY)).toEqual([]);
});

test("once it is over, nothing of it is left to tell", () => {
  const [finding] = reportWith(["COMPLIANT"]).findings;
  if (finding === undefined) throw new Error("there is one");
  const entry: Entry = { ...finding, seenAtMs: 30 * HOUR, open: null, unreadable: null, told: {} };
  const before: Told = {
    open: { sinceMs: 5 * HOUR, code: "NOT_ACTIVATED", atMs: 10 * HOUR },
    blind: { sinceMs: 6 * HOUR, atMs: 8 * HOUR },
  };
  const changes = changesFor(entry, before, finding, 30 * HOUR, POLICY);
  expect(changes.map(({ event, sinceMs }) => [event, sinceMs])).toEqual([
    ["resolved", 5 * HOUR],
    ["readable", 6 * HOUR],
  ]);
  const after = changes.reduce((told, change) => toldAfter(told, change, entry, 0), before);
  expect(after).toEqual({ open: null, blind: null });
});
