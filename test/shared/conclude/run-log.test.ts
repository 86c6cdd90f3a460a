import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Finding, Status } from "../../../shared/audit/finding.ts";
import {
  doneEntry,
  findingEntry,
  jsonLog,
  type LogEntry,
} from "../../../shared/conclude/run-log.ts";
import { printedByLogsCommand } from "../../harness/logs-command.ts";
import { memberId, organizationReport } from "../../harness/organization-report.ts";
import { reportWith } from "../../harness/report-with.ts";

const NOW = new Date("2026-11-22T07:49:00.123Z");

function lineOf(entry: LogEntry): string {
  const stream = new PassThrough();
  jsonLog(stream, () => NOW)(entry);
  return String(stream.read());
}

/** Texts with everything that has a meaning to the command, a terminal or a line reader. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(" ", "[silly]", " [silly] ", "2026-11-22T07:49:00Z", "\r\n", "\n", "\u2028"),
      fc.constantFrom("Error", "\u001b[31m", "\u009b31m", "\u007f", "\ud800", '"', "\\", "{"),
      fc.string({ unit: "binary" }),
    ),
  )
  .map((parts) => parts.join(""));
const entries = fc.dictionary(
  hostileText.filter((name) => name !== "time" && name !== "__proto__"),
  fc.oneof(hostileText, fc.jsonValue()),
);

test("every entry is one line of JSON, as `s logs` prints it", () => {
  fc.assert(
    fc.property(entries, (entry) => {
      const line = lineOf(entry);
      expect(line.match(/[^\n]*[\r\n\u0085\u2028\u2029]/g)).toEqual([line]);
      const text = line.slice(0, -1);
      expect(printedByLogsCommand(text)).toBe(text);
      expect(stripVTControlCharacters(text)).toBe(text);
      const plain = JSON.parse(JSON.stringify(entry)) as object;
      expect(JSON.parse(text)).toEqual({ time: NOW.toISOString(), ...plain });
    }),
  );
});

test.each([
  ['{"time":"2026-11-22T07:49:00.123Z","event":"run"}', "Invalid date"],
  ["2026-11-22T07:49:00.123Z audited", "2026-11-22 07:49:00 audited"],
  ['{ "time":"2026","message":"a [silly] b"}', '{ "time":"2026","message":"a b"}'],
])("the command changes other lines: %s", (line, printed) => {
  expect(printedByLogsCommand(line)).toBe(printed);
});

describe("the run's line of several accounts", () => {
  const QUIET = {
    reason: "ALL_WELL",
    deliveries: [],
    undelivered: [],
    warnings: [],
    stateProblem: null,
    evidence: null,
  } as const;

  test("has those in which something is not compliant, or could not be read", () => {
    const report = organizationReport([
      { id: memberId(1), statuses: ["NON_COMPLIANT", "NON_COMPLIANT", "INSUFFICIENT_DATA"] },
      { id: memberId(2), statuses: ["INSUFFICIENT_DATA"] },
      { id: memberId(3), statuses: ["COMPLIANT", "IGNORED"] },
      { id: memberId(4) },
    ]);
    expect(doneEntry(report, QUIET)).toMatchObject({
      nonCompliant: ["cn-r0", "cn-r1"],
      accounts: { nonCompliant: [memberId(1)], unreadable: [memberId(1), memberId(2)] },
    });
  });

  test("has at most a thousand of them, and how many more there are", () => {
    const sketches = Array.from({ length: 1_003 }, (_, index) => ({
      id: memberId(index),
      statuses: ["NON_COMPLIANT"] as const,
    }));
    const { accounts } = doneEntry(organizationReport(sketches), QUIET);
    expect(accounts).toEqual({
      nonCompliant: sketches.slice(0, 1_000).map(({ id }) => id),
      unreadable: [],
      more: 3,
    });
  });

  test("has none where one account was audited", () => {
    const report = organizationReport([
      { id: memberId(1), statuses: ["NON_COMPLIANT"] },
      { id: memberId(4) },
    ]);
    expect(doneEntry(report, QUIET)).not.toHaveProperty("accounts");
  });
});

test("a line without fields is JSON too", () => {
  expect(lineOf({})).toBe('{ "time": "2026-11-22T07:49:00.123Z"}\n');
});

describe("of findings about resources", () => {
  const boxes = (["NON_COMPLIANT", "INSUFFICIENT_DATA", "NON_COMPLIANT", "COMPLIANT"] as const).map(
    (status, index): Finding => ({
      ...reportOf([status]),
      ruleId: "boxes-shut",
      regionId: "cn-a",
      resource: { type: "ACME::Box", id: `box-${index}`, name: `box ${index}` },
    }),
  );
  const region = { ...reportOf(["NON_COMPLIANT"]), regionId: "cn-a" };
  const outcome = {
    reason: "CHANGES",
    deliveries: [],
    undelivered: [],
    warnings: [],
    stateProblem: null,
    evidence: null,
  } as const;

  function reportOf(statuses: readonly Status[]): Finding {
    const [finding] = reportWith(statuses).findings;
    if (finding === undefined) throw new Error("a report has a finding");
    return finding;
  }

  test("the run's line names a region once, and its resources beside it", () => {
    const report = { ...reportWith([]), findings: [region, ...boxes] };
    const box = (id: string) => ({
      ruleId: "boxes-shut",
      regionId: "cn-a",
      type: "ACME::Box",
      id,
    });
    expect(doneEntry(report, outcome)).toMatchObject({
      nonCompliant: ["cn-a"],
      unreadable: ["cn-a"],
      resources: { nonCompliant: [box("box-0"), box("box-2")], unreadable: [box("box-1")] },
    });
  });

  test("the run's line has no resources where none was audited, or none is wrong", () => {
    const fields = [
      ...["level", "event", "runId", "trigger", "outcome", "summary"],
      ...["nonCompliant", "unreadable", "alert", "receivers"],
    ];
    for (const findings of [[region], [region, ...boxes.slice(-1)]]) {
      const entry = doneEntry({ ...reportWith([]), findings }, outcome);
      expect(Object.keys(entry)).toEqual(fields);
      expect(entry["nonCompliant"]).toEqual(["cn-a"]);
    }
  });

  test("a finding's line names the resource", () => {
    const [box] = boxes;
    if (box === undefined) throw new Error("there are boxes");
    expect(findingEntry("run", box)).toMatchObject({
      ruleId: "boxes-shut",
      regionId: "cn-a",
      resource: { type: "ACME::Box", id: "box-0", name: "box 0" },
    });
    expect(findingEntry("run", region)).not.toHaveProperty("resource");
  });
});
