import { describe, expect, test } from "vitest";

import type { Status } from "../../../../shared/audit/finding.ts";
import type { Report } from "../../../../shared/audit/report.ts";
import { table } from "../../../../shared/report/table.ts";
import { describeSummary } from "../../../../shared/report/table/summary.ts";
import { DEFAULT_RULES } from "../../../../shared/rules/rules.ts";
import { displayWidth } from "../../../../shared/text/display-width.ts";
import {
  type AccountSketch,
  CALLER_ID,
  memberId,
  organizationReport,
} from "../../../harness/organization-report.ts";
import { type FindingSketch, resourceReport } from "../../../harness/resource-report.ts";

const CALLER = { id: CALLER_ID, name: "security", statuses: statuses(2, "COMPLIANT") } as const;

const MIXED = organizationReport([
  CALLER,
  {
    id: memberId(1),
    name: "prod",
    statuses: ["COMPLIANT", "NON_COMPLIANT", "INSUFFICIENT_DATA", "IGNORED", "COMPLIANT"],
  },
  {
    id: memberId(2),
    name: "test",
    statuses: statuses(3, "INSUFFICIENT_DATA"),
    failure: "ROLE_REFUSED",
  },
  { id: memberId(3), statuses: statuses(2, "NON_COMPLIANT") },
  { id: memberId(4), name: "old" },
]);

function statuses(length: number, status: Status): readonly Status[] {
  return Array.from({ length }, () => status);
}

function render(report: Report, options: { columns: number | null; only?: readonly Status[] }) {
  return table.render(report, { color: false, cards: DEFAULT_RULES, wayToAsk: null, ...options });
}

/** The paragraphs of a table, as lines. */
function paragraphsOf(...args: Parameters<typeof render>): string[][] {
  return render(...args)
    .trimEnd()
    .split("\n\n")
    .map((paragraph) => paragraph.split("\n"));
}

describe("a report of several accounts", () => {
  test("on a terminal has what needs attention below each account, the worst account first", () => {
    const [rows, advice, skipped] = paragraphsOf(MIXED, { columns: 80 });
    expect(rows?.join("\n")).toBe(`\
ACCOUNT
  STATUS                REGION   REASON          REQUEST ID
prod (${memberId(1)})  and 2 compliant
  ✖ NON_COMPLIANT       cn-r1    NOT_ACTIVATED   REQUEST-1
  ? INSUFFICIENT_DATA   cn-r2    TIMEOUT         REQUEST-2
  - IGNORED             cn-r3    NOT_ACTIVATED   REQUEST-3
✖ ${memberId(3)}: NOT_ACTIVATED in all 2 regions
? test (${memberId(2)}): ROLE_REFUSED in all 3 regions
✔ security (${CALLER_ID}): 2 regions compliant
9 findings summarized: in a file or a pipe each has a line`);
    expect(advice).toEqual([
      `✖ NOT_ACTIVATED in 3 regions of 2 accounts  For example prod (${memberId(1)}), cn-r1: What is the matter with cn-r1.`,
      "? TIMEOUT in 1 region of 1 account          What is the matter with cn-r2.",
      `? ROLE_REFUSED in 3 regions of 1 account    What is the matter with ${memberId(2)}.`,
      "- NOT_ACTIVATED in 1 region of 1 account    What is the matter with cn-r3.",
      expect.stringMatching(/^Before you activate the service/),
      expect.stringMatching(/^Run each command with credentials of its account/),
    ]);
    expect(skipped).toEqual([
      `? old (${memberId(4)})  not audited: BEING_DELETED: The account is being deleted.`,
    ]);
  });

  test("in a pipe has a line for each finding, with its account", () => {
    const [rows] = paragraphsOf(MIXED, { columns: null });
    const accounts = rows?.map((line) => line.split(/ {3,}/)[1]);
    expect(rows?.[0]?.split(/ {3,}/)).toEqual([
      "STATUS",
      "ACCOUNT",
      "REGION",
      "REASON",
      "REQUEST ID",
    ]);
    expect(accounts).toEqual([
      "ACCOUNT",
      ...Array.from({ length: 5 }, () => `prod (${memberId(1)})`),
      ...Array.from({ length: 2 }, () => memberId(3)),
      ...Array.from({ length: 3 }, () => `test (${memberId(2)})`),
      ...Array.from({ length: 2 }, () => `security (${CALLER_ID})`),
    ]);
  });

  test("has the numbers of regions and accounts in its summary, and who audited", () => {
    const counts =
      "12 regions of 4 accounts, 1 account skipped, audited by acs:ram::1234567890123456:user/auditor: 4 compliant, 3 not compliant, 4 could not be read, 1 ignored (1.2 s)";
    expect(describeSummary(MIXED)).toBe(counts);
    expect(render(MIXED, { columns: 80 })).toContain(`\n\n${counts}\nCOMPLIANT means: `);
    expect(describeSummary({ ...MIXED, caller: { accountId: CALLER_ID, arn: null } })).toContain(
      `audited by ${CALLER_ID}: `,
    );
    expect(describeSummary({ ...MIXED, caller: null })).toMatch(
      /^12 regions of 4 accounts, 1 account skipped: 4 compliant/,
    );
  });

  test("says that the management account may be missing", () => {
    const says = "\nNot known: the management account of the resource directory";
    expect(render(MIXED, { columns: 80 })).not.toContain(says);
    expect(render({ ...MIXED, managementAccountUnknown: true }, { columns: 80 })).toContain(says);
  });
});

describe("chosen statuses of several accounts", () => {
  test("have a line each, and the others are counted as not shown", () => {
    const [rows] = paragraphsOf(MIXED, { columns: 80, only: ["COMPLIANT"] });
    expect(rows?.join("\n")).toBe(`\
ACCOUNT
  STATUS        REGION   REASON      REQUEST ID
prod (${memberId(1)})
  ✔ COMPLIANT   cn-r0    ACTIVATED   REQUEST-0
  ✔ COMPLIANT   cn-r4    ACTIVATED   REQUEST-4
✔ security (${CALLER_ID}): ACTIVATED in all 2 regions
2 findings summarized: in a file or a pipe each has a line
8 findings not shown (--only)`);
  });

  test("are all that a pipe shows", () => {
    const [rows] = paragraphsOf(MIXED, { columns: null, only: ["INSUFFICIENT_DATA"] });
    expect(rows).toHaveLength(1 + 4 + 1);
    expect(rows?.at(-1)).toBe("8 findings not shown (--only)");
  });
});

describe("one account", () => {
  const single = (sketch: AccountSketch) => organizationReport([sketch]);

  test("has no heading and no column, and its name is in the summary", () => {
    for (const columns of [null, 80]) {
      expect(render(single(CALLER), { columns })).not.toContain("ACCOUNT");
    }
    expect(describeSummary(single(CALLER))).toMatch(/^2 regions of account security \(1234567/);
  });

  test("of a role is named with who assumed the role", () => {
    expect(describeSummary(single({ ...CALLER, id: memberId(1) }))).toBe(
      `2 regions of account security (${memberId(1)}), audited by acs:ram::${CALLER_ID}:user/auditor: 2 compliant (1.2 s)`,
    );
  });
});

test("accounts are told apart also where resources need regions as headings", () => {
  const sketches: readonly FindingSketch[] = [
    { regionId: "cn-a", id: "vpc-bp1qpo0kug3a20qqe9mkt", name: "production of the whole house" },
    { regionId: "cn-b", status: "COMPLIANT", code: "COVERED", id: "vpc-2" },
  ];
  const report = resourceReport(sketches);
  const [first] = report.accounts;
  if (first === undefined) throw new Error("the report has an account");
  const two: Report = {
    ...report,
    scope: { ...report.scope, accounts: [CALLER_ID, memberId(1)] },
    accounts: [first, { ...first, id: memberId(1), name: "prod" }],
    findings: [
      ...report.findings,
      ...report.findings.map((finding) => ({ ...finding, accountId: memberId(1) })),
    ],
  };
  const [rows] = paragraphsOf(two, { columns: 60 });
  const account = `\
  cn-a
    ✖ NON_COMPLIANT   vpc-flow-log-active   NO_FLOW_LOG
      vpc-bp1qpo…3a20qqe9mkt   production of the whole house`;
  expect(rows?.join("\n")).toBe(`\
ACCOUNT
  REGION
    STATUS            RULE                  REASON
      RESOURCE   NAME
${CALLER_ID}  and 1 compliant
${account}
prod (${memberId(1)})  and 1 compliant
${account}
2 findings summarized: in a file or a pipe each has a line`);
});

test("an account without a problem is a line with what was found there", () => {
  const report = resourceReport([
    { regionId: "cn-a", status: "COMPLIANT", code: "COVERED", id: "vpc-1" },
    { regionId: "cn-b", status: "NOT_APPLICABLE", code: "NO_RESOURCES" },
  ]);
  const [first] = report.accounts;
  if (first === undefined) throw new Error("the report has an account");
  const none = report.findings.filter(({ regionId }) => regionId === "cn-b");
  const two: Report = {
    ...report,
    scope: { ...report.scope, accounts: [CALLER_ID, memberId(1)] },
    accounts: [first, { ...first, id: memberId(1), regions: ["cn-b"] }],
    findings: [...report.findings, ...none.map((it) => ({ ...it, accountId: memberId(1) }))],
  };
  expect(paragraphsOf(two, { columns: 80 })[0]).toEqual([
    `✔ ${CALLER_ID}: 1 compliant, 1 not applicable in 2 regions`,
    `- ${memberId(1)}: 1 not applicable in 1 region`,
    "3 findings summarized: in a file or a pipe each has a line",
  ]);
});

describe("a thousand accounts with thirty regions each", () => {
  /** Of every fifty accounts one refuses the role; in a few regions of the others something is open. */
  const thousand = organizationReport(
    Array.from({ length: 1_000 }, (_, number): AccountSketch => ({
      id: memberId(number),
      name: `account ${number} 的测试环境`,
      statuses:
        number % 50 === 0
          ? statuses(30, "INSUFFICIENT_DATA")
          : Array.from({ length: 30 }, (_each, region) =>
              (number + region * 7) % 997 === 0 ? "NON_COMPLIANT" : "COMPLIANT",
            ),
      failure: "ROLE_REFUSED",
    })),
  );

  test("fit on a terminal of 80 columns, and no problem is left out", () => {
    const [rows = [], advice = []] = paragraphsOf(thousand, { columns: 80 });
    expect(rows.length).toBeLessThan(150);
    expect(rows.filter((line) => displayWidth(line) > 80)).toEqual([]);
    const open = thousand.findings.filter(({ status }) => status === "NON_COMPLIANT");
    expect(rows.filter((line) => line.startsWith("  ✖ NON_COMPLIANT"))).toHaveLength(open.length);
    expect(rows.filter((line) => line.endsWith("): ROLE_REFUSED in all 30 regions"))).toHaveLength(
      20,
    );
    expect(rows.at(-2)).toMatch(/^✔ \d+ accounts: \d+ regions compliant$/);
    expect(rows.at(-1)).toMatch(/^\d+ findings summarized/);
    expect(advice.map((line) => line.split("  ")[0]?.trim())).toEqual([
      expect.stringMatching(/^✖ NOT_ACTIVATED in 29 regions of 29 accounts$/),
      "? ROLE_REFUSED in 600 regions of 20 accounts",
      expect.stringMatching(/^Before/),
      expect.stringMatching(/^Run each command/),
    ]);
  });

  test("are all in a pipe, a line each", () => {
    const [rows = []] = paragraphsOf(thousand, { columns: null });
    expect(rows).toHaveLength(30_001);
  });
});
