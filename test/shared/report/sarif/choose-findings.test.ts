import { expect, test } from "vitest";

import type { Finding, Status } from "../../../../shared/audit/finding.ts";
import { chooseFindings, type Entry } from "../../../../shared/report/sarif/choose-findings.ts";
import { reportWith } from "../../../harness/report-with.ts";

const { rules, findings } = reportWith([
  "COMPLIANT",
  "NOT_APPLICABLE",
  "IGNORED",
  "INSUFFICIENT_DATA",
  "NON_COMPLIANT",
]);
const WORST_FIRST: readonly Status[] = [
  "NON_COMPLIANT",
  "INSUFFICIENT_DATA",
  "IGNORED",
  "COMPLIANT",
  "NOT_APPLICABLE",
];

/** An entry of 100 bytes, the comma included. */
function entryOf({ status }: Finding): Entry {
  const kind = status === "INSUFFICIENT_DATA" ? "notification" : "result";
  return { kind, value: { status, filler: "x".repeat(74 - status.length) } };
}

function statusesIn(maxResults: number, maxBytes: number | null): unknown[] {
  const { entries, leftOut } = chooseFindings(findings, rules, { maxResults, maxBytes }, entryOf);
  const counted = Object.values(leftOut?.counts ?? {}).reduce((sum, count) => sum + count, 0);
  expect(entries.length + counted).toBe(findings.length);
  return entries.map(({ value }) => ("status" in value ? value.status : null));
}

test("all findings have room, the worst first", () => {
  expect(statusesIn(25_000, null)).toEqual(WORST_FIRST);
  expect(statusesIn(4, 500)).toEqual(WORST_FIRST);
});

test.each([0, 1, 2, 3, 4])("the best go first where there are bytes for %i findings", (count) => {
  expect(statusesIn(25_000, count * 100 + 99)).toEqual(WORST_FIRST.slice(0, count));
});

test("notifications do not count as results", () => {
  expect(statusesIn(1, null)).toEqual(["NON_COMPLIANT", "INSUFFICIENT_DATA"]);
  expect(statusesIn(0, null)).toEqual(["INSUFFICIENT_DATA"]);
});

test("nothing that is less bad takes the place of a finding that does not fit", () => {
  const toEntry = (finding: Finding): Entry =>
    finding.status === "INSUFFICIENT_DATA"
      ? { kind: "notification", value: { long: "x".repeat(400) } }
      : entryOf(finding);
  const room = { maxResults: 25_000, maxBytes: 400 };
  const { entries, leftOut } = chooseFindings(findings, rules, room, toEntry);
  expect(entries).toHaveLength(1);
  expect(leftOut).toEqual({
    counts: { INSUFFICIENT_DATA: 1, IGNORED: 1, COMPLIANT: 1, NOT_APPLICABLE: 1 },
    total: 5,
  });
});
