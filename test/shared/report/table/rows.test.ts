import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { FAILURE_CODES } from "../../../../shared/audit/finding.ts";
import type { Report } from "../../../../shared/audit/report.ts";
import { STATUSES_WORST_FIRST } from "../../../../shared/report/status-order.ts";
import { table } from "../../../../shared/report/table.ts";
import { RULE_IDS } from "../../../../shared/rules/rule-ids.ts";
import { type FindingSketch, resourceReport } from "../../../harness/resource-report.ts";

/** The lines of the table up to the first empty one: the heads, and a line for each finding. */
function rowsOf(report: Report, columns: number | null, color = false): string[] {
  const text = table.render(report, { color, cards: [], columns });
  return text.slice(0, text.indexOf("\n\n")).split("\n");
}

const [ACTIVATED, ACTIVE, COMPLETE, , RETENTION] = RULE_IDS;

/** Two regions: in one a rule could not be read; in the other VPCs and a log store are not compliant. */
const MIXED = resourceReport([
  { ruleId: ACTIVATED, regionId: "ap-southeast-5", status: "COMPLIANT", code: "ACTIVATED" },
  {
    ruleId: ACTIVE,
    regionId: "ap-southeast-5",
    status: "INSUFFICIENT_DATA",
    code: "ACCESS_DENIED",
  },
  { ruleId: ACTIVATED, status: "COMPLIANT", code: "ACTIVATED" },
  { id: "vpc-bp1qpo0kug3a20qqe9mkt", name: "prod" },
  { id: "vpc-bp1aevy8sofi8mh1q4k2c", name: "测试环境" },
  { id: "vpc-bp1000000000000000001", name: "lab", status: "COMPLIANT", code: "COVERED" },
  {
    ruleId: COMPLETE,
    id: "vpc-bp1000000000000000001",
    name: "lab",
    code: "TRAFFIC_PATH_PARTIAL",
  },
  {
    ruleId: RETENTION,
    id: `flow-logs-of-${"a-department-".repeat(4)}0/flow-logs-of-every-vpc`,
    code: "RETENTION_TOO_SHORT",
  },
]);

describe("the rows of a report about resources", () => {
  test("have all columns in a pipe: by region, the worst first, whole ids", () => {
    const store = `flow-logs-of-${"a-department-".repeat(4)}0/flow-logs-of-every-vpc`;
    const id = "5CD1FCDF-73B0-46EE-A02E-E5258C0422B5";
    expect(rowsOf(MIXED, null).map((line) => line.split(/ {3,}/))).toEqual([
      ["STATUS", "RULE", "REGION", "RESOURCE", "NAME", "REASON", "REQUEST ID"],
      ...[
        ["✖ NON_COMPLIANT", ACTIVE, "vpc-bp1aevy8sofi8mh1q4k2c", "测试环境", "NO_FLOW_LOG"],
        ["✖ NON_COMPLIANT", ACTIVE, "vpc-bp1qpo0kug3a20qqe9mkt", "prod", "NO_FLOW_LOG"],
        ["✖ NON_COMPLIANT", COMPLETE, "vpc-bp1000000000000000001", "lab", "TRAFFIC_PATH_PARTIAL"],
        ["✖ NON_COMPLIANT", RETENTION, store, "-", "RETENTION_TOO_SHORT"],
        ["✔ COMPLIANT", ACTIVATED, "-", "-", "ACTIVATED"],
        ["✔ COMPLIANT", ACTIVE, "vpc-bp1000000000000000001", "lab", "COVERED"],
      ].map(([status, rule, ...rest]) => [status, rule, "cn-hangzhou", ...rest, id]),
      ["? INSUFFICIENT_DATA", ACTIVE, "ap-southeast-5", "-", "-", "ACCESS_DENIED", id],
      ["✔ COMPLIANT", ACTIVATED, "ap-southeast-5", "-", "-", "ACTIVATED", id],
    ]);
  });

  test("have regions, and status, rule and reason, as headings at 80 columns", () => {
    expect(rowsOf(MIXED, 80).join("\n")).toBe(`\
REGION
  STATUS                RULE                         REASON
    RESOURCE   NAME
cn-hangzhou
  ✖ NON_COMPLIANT       vpc-flow-log-active          NO_FLOW_LOG
    vpc-bp1aevy8sofi8mh1q4k2c   测试环境
    vpc-bp1qpo0kug3a20qqe9mkt   prod
  ✖ NON_COMPLIANT       vpc-flow-log-complete        TRAFFIC_PATH_PARTIAL
    vpc-bp1000000000000000001   lab
  ✖ NON_COMPLIANT       flow-log-retention           RETENTION_TOO_SHORT
    flow-logs-of-a-department-a-departmen…-a-department-0/flow-logs-of-every-vpc
  ✔ COMPLIANT           flow-log-service-activated   ACTIVATED
  ✔ COMPLIANT           vpc-flow-log-active          COVERED
    vpc-bp1000000000000000001   lab
ap-southeast-5
  ? INSUFFICIENT_DATA   vpc-flow-log-active          ACCESS_DENIED
  ✔ COMPLIANT           flow-log-service-activated   ACTIVATED`);
  });

  const ONE_RULE = resourceReport(
    [
      { id: "vpc-bp1qpo0kug3a20qqe9mkt", name: "production of the whole house" },
      { id: "vpc-bp1aevy8sofi8mh1q4k2c", name: "测试环境", code: "FLOW_LOG_INACTIVE" },
    ],
    [ACTIVE],
  );
  const [id1, id2] = ["vpc-bp1qpo0kug3a20qqe9mkt", "vpc-bp1aevy8sofi8mh1q4k2c"];

  test.each([
    [
      "all in full",
      148,
      `\
STATUS            REGION        RESOURCE                    NAME                            REASON              REQUEST ID
✖ NON_COMPLIANT   cn-hangzhou   ${id2}   测试环境                        FLOW_LOG_INACTIVE   5CD1FCDF-73B0-46EE-A02E-E5258C0422B5
✖ NON_COMPLIANT   cn-hangzhou   ${id1}   production of the whole house   NO_FLOW_LOG         5CD1FCDF-73B0-46EE-A02E-E5258C0422B5`,
    ],
    [
      "without request ids",
      147,
      `\
STATUS            REGION        RESOURCE                    NAME                            REASON
✖ NON_COMPLIANT   cn-hangzhou   ${id2}   测试环境                        FLOW_LOG_INACTIVE
✖ NON_COMPLIANT   cn-hangzhou   ${id1}   production of the whole house   NO_FLOW_LOG`,
    ],
    [
      "then with short ids",
      100,
      `\
STATUS            REGION        RESOURCE           NAME                            REASON
✖ NON_COMPLIANT   cn-hangzhou   vpc-bp1…mh1q4k2c   测试环境                        FLOW_LOG_INACTIVE
✖ NON_COMPLIANT   cn-hangzhou   vpc-bp1…0qqe9mkt   production of the whole house   NO_FLOW_LOG`,
    ],
    [
      "then with short names",
      80,
      `\
STATUS            REGION        RESOURCE        NAME           REASON
✖ NON_COMPLIANT   cn-hangzhou   vpc-bp…1q4k2c   测试环境       FLOW_LOG_INACTIVE
✖ NON_COMPLIANT   cn-hangzhou   vpc-bp…qe9mkt   production …   NO_FLOW_LOG`,
    ],
    [
      "then with headings, and whole ids again",
      70,
      `\
REGION
  STATUS            REASON
    RESOURCE   NAME
cn-hangzhou
  ✖ NON_COMPLIANT   FLOW_LOG_INACTIVE
    ${id2}   测试环境
  ✖ NON_COMPLIANT   NO_FLOW_LOG
    ${id1}   production of the whole house`,
    ],
  ])("give way in order: %s", (_what, columns, expected) => {
    expect(rowsOf(ONE_RULE, columns).join("\n")).toBe(expected);
  });
});

test("a report of one rule about regions keeps its order, and loses request ids where it is too wide", () => {
  const report = resourceReport(
    [
      { ruleId: ACTIVATED, regionId: "cn-b", code: "NOT_ACTIVATED" },
      { ruleId: ACTIVATED, regionId: "cn-a", status: "COMPLIANT", code: "ACTIVATED" },
    ],
    [ACTIVATED],
  );
  const lines = [
    "STATUS            REGION   REASON",
    "✔ COMPLIANT       cn-a     ACTIVATED",
    "✖ NON_COMPLIANT   cn-b     NOT_ACTIVATED",
  ];
  expect(rowsOf(report, 80)).toEqual([
    `${lines[0]}          REQUEST ID`,
    `${lines[1]}       5CD1FCDF-73B0-46EE-A02E-E5258C0422B5`,
    `${lines[2]}   5CD1FCDF-73B0-46EE-A02E-E5258C0422B5`,
  ]);
  expect(rowsOf(report, 78)).toEqual(lines);
});

test("regions are ordered by their worst finding, then by id, and only by what is non-compliant or unreadable", () => {
  const statuses = {
    "cn-a": ["NOT_APPLICABLE"],
    "cn-b": ["COMPLIANT", "IGNORED"],
    "cn-c": ["INSUFFICIENT_DATA", "COMPLIANT"],
    "cn-d": ["COMPLIANT", "INSUFFICIENT_DATA", "NON_COMPLIANT"],
    "cn-e": ["NON_COMPLIANT"],
  } as const;
  const report = resourceReport(
    Object.entries(statuses).flatMap(([regionId, each]) =>
      each.map((status, index) => ({ regionId, status, id: `vpc-${index}` })),
    ),
  );
  expect(
    rowsOf(report, null)
      .slice(1)
      .map((line) => line.split(/ {3,}/))
      .map(([status, , region, id]) => [region, status?.slice(2), id].join(" ")),
  ).toEqual([
    "cn-d NON_COMPLIANT vpc-2",
    "cn-d INSUFFICIENT_DATA vpc-1",
    "cn-d COMPLIANT vpc-0",
    "cn-e NON_COMPLIANT vpc-0",
    "cn-c INSUFFICIENT_DATA vpc-0",
    "cn-c COMPLIANT vpc-1",
    "cn-a NOT_APPLICABLE vpc-0",
    "cn-b IGNORED vpc-1",
    "cn-b COMPLIANT vpc-0",
  ]);
});

/** Characters of names, with the columns that each takes on a terminal. */
const CHARACTERS = new Map([
  ["a", 1],
  [" ", 1],
  ["…", 1],
  ["é", 1],
  ["\u0301", 0],
  ["杭", 2],
  ["한", 2],
  ["Ａ", 2],
  ["🚀", 2],
  // Removed, or replaced by a space.
  ["\n", 0],
  ["\t", 0],
  ["\u001b[31m", 0],
  ["\u202e", 0],
  ["\u200b", 0],
  ["\u2028", 0],
]);

/** The width of a line, by the widths above. */
function widthOfLine(line: string): number {
  return Array.from(line).reduce((sum, character) => sum + (CHARACTERS.get(character) ?? 1), 0);
}

const CODES = [
  ...FAILURE_CODES,
  ..."ACTIVATED NOT_ACTIVATED NO_FLOW_LOG PARTLY_COVERED FLOW_LOG_INACTIVE".split(" "),
  ..."TRAFFIC_TYPE_PARTIAL TRAFFIC_PATH_PARTIAL DELIVERY_FAILED ACCOUNT_IN_ARREARS".split(" "),
  ..."LOG_STORE_MISSING RETENTION_TOO_SHORT NO_RESOURCES SHARED_BY_OWNER STATE_UNKNOWN".split(" "),
  ..."NO_ACTIVE_FLOW_LOG EXEMPT ROLE_REFUSED PART_FAILED".split(" "),
];
const REGIONS = [
  "cn-hangzhou",
  "ap-southeast-5",
  "cn-shanghai-finance-1",
  // As long as an id of a region may be.
  "cn-region-of-25-characters".slice(0, 25),
];

const anyName = fc
  .array(fc.constantFrom(...CHARACTERS.keys()), { maxLength: 60 })
  .map((characters) => characters.join(""));
const anyId = fc.oneof(
  fc.stringMatching(/^vpc-bp1[a-z0-9]{5,18}$/),
  fc.stringMatching(/^[a-z0-9-]{3,63}\/[a-z0-9_-]{3,63}$/),
);

function sketchOf(ruleIds: readonly string[]): fc.Arbitrary<FindingSketch> {
  return fc
    .record(
      {
        ruleId: fc.constantFrom(...ruleIds),
        regionId: fc.constantFrom(...REGIONS),
        id: anyId,
        name: anyName,
        status: fc.constantFrom(...STATUSES_WORST_FIRST),
        code: fc.constantFrom(...CODES),
      },
      { requiredKeys: ["ruleId", "regionId", "status", "code"] },
    )
    .map((sketch) => ({ ...sketch, message: "What is the matter." }));
}

const anyReport = fc
  .subarray([...RULE_IDS], { minLength: 1 })
  .chain((ruleIds) =>
    fc
      .array(sketchOf(ruleIds), { minLength: 1, maxLength: 30 })
      .map((sketches) => resourceReport(sketches, ruleIds)),
  );

/** What each row says, whatever its layout; the id as it is shown. */
function readRows([heads = "", ...lines]: readonly string[], ruleIds: readonly string[]) {
  const cellsOf = (line: string): string[] => line.trim().split(/ {3,}/);
  if (heads !== "REGION") {
    return lines.map((line) => {
      const cells = new Map(cellsOf(heads).map((head, at) => [head, cellsOf(line)[at]]));
      const [status, region] = [cells.get("STATUS")?.slice(2), cells.get("REGION")];
      const [reason, id = "-"] = [cells.get("REASON"), cells.get("RESOURCE")];
      return [region, status, cells.get("RULE") ?? ruleIds[0], reason, id];
    });
  }
  const rows: (string | undefined)[][] = [];
  let region = "";
  let verdict: (string | undefined)[] = [];
  const body = lines.slice(lines.findIndex((line) => !line.startsWith(" ")));
  for (const line of body) {
    if (!line.startsWith(" ")) region = line;
    else if (line.startsWith("    ")) {
      // The line above is that of the first resource.
      if (rows.at(-1)?.at(-1) === "-") rows.pop();
      rows.push([...verdict, cellsOf(line)[0]]);
    } else {
      const [status, ...others] = cellsOf(line);
      const reason = others.at(-1);
      const rule = others.length === 2 ? others[0] : ruleIds[0];
      verdict = [region, status?.slice(2), rule, reason];
      rows.push([...verdict, "-"]);
    }
  }
  return rows;
}

/** Findings on resources only, or on regions only; those of one rule are never of both kinds. */
function withFindings(report: Report, areAboutResources: boolean): Report {
  const findings = report.findings.filter(
    ({ resource }) => (resource !== undefined) === areAboutResources,
  );
  return { ...report, findings };
}

/** What the rows of a report say at 80 columns but for ids, and what its findings say. */
function atEightyColumns(report: Report) {
  const lines = rowsOf(report, 80);
  const ruleIds = report.rules.map(({ id }) => id);
  return {
    lines,
    rows: readRows(lines, ruleIds)
      .map((row) => row.slice(0, 4).join(" "))
      .toSorted(),
    findings: report.findings
      .map(({ regionId, status, ruleId, reason }) =>
        [regionId, status, ruleId, reason.code].join(" "),
      )
      .toSorted(),
  };
}

test("no row is wider than 80 columns, and every finding on a resource has its row", () => {
  const layouts = new Set<string>();
  fc.assert(
    fc.property(anyReport, (any) => {
      const report = withFindings(any, true);
      fc.pre(report.findings.length > 0);
      const { lines, rows, findings } = atEightyColumns(report);
      layouts.add(String(lines[0]?.split(/ {3,}/)));
      for (const line of lines) expect(widthOfLine(line)).toBeLessThanOrEqual(80);
      expect(rows).toEqual(findings);
    }),
    { numRuns: 400 },
  );
  expect([...layouts]).toContain("REGION");
  expect(layouts.size).toBeGreaterThan(2);
});

test("no row is wider than 80 columns, and every finding on a region has its row", () => {
  fc.assert(
    fc.property(anyReport, (any) => {
      const report = withFindings(any, false);
      fc.pre(report.findings.length > 0);
      const { lines, rows, findings } = atEightyColumns(report);
      for (const line of lines) expect(widthOfLine(line)).toBeLessThanOrEqual(80);
      // A rule has one finding on a region, but any report may have two that say the same.
      expect(new Set(rows)).toEqual(new Set(findings));
    }),
  );
});

test("without a limit, every id is whole and every row has its cells", () => {
  fc.assert(
    fc.property(anyReport, (report) => {
      const rows = readRows(
        rowsOf(report, null),
        report.rules.map(({ id }) => id),
      );
      const expected = report.findings.map(({ regionId, status, ruleId, reason, resource }) =>
        [regionId, status, ruleId, reason.code, resource?.id ?? "-"].join(" "),
      );
      expect(rows.map((row) => row.join(" ")).toSorted()).toEqual(expected.toSorted());
    }),
  );
});

test.each([null, 80, 30])(
  "a name cannot change the layout or the terminal: %s columns",
  (columns) => {
    const name = "\u001b[2J\u001b]0;x\u0007a\r\nb\u202e\u2066c\u2028d\u009b31m";
    const id = "vpc-1\u001b[31m\n\u202e";
    const report = resourceReport([{ id, name, message: `About ${id}.` }]);
    const text = table.render(report, { color: false, cards: [], columns });
    expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|\p{Zl}/u);
    expect(text).toContain("vpc-1[31m");
    expect(text).toContain("✖ cn-hangzhou vpc-1[31m ([2J]0;xa bc d31m)  About vpc-1[31m .");
  },
);
