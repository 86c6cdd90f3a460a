import { stripVTControlCharacters } from "node:util";

import { describe, expect, test } from "vitest";

import { STATUSES_WORST_FIRST } from "../../../shared/report/status-order.ts";
import { table } from "../../../shared/report/table.ts";
import { describeSummary } from "../../../shared/report/table/summary.ts";
import { DEFAULT_RULE_IDS, RULE_IDS } from "../../../shared/rules/rule-ids.ts";
import { DEFAULT_RULES } from "../../../shared/rules/rules.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import { auditEmulator } from "../../harness/audit-emulator.ts";
import { boxRule } from "../../harness/box-rule.ts";
import { reportWith } from "../../harness/report-with.ts";
import { type FindingSketch, resourceReport } from "../../harness/resource-report.ts";
import { SAMPLE_RULE } from "../../harness/sample-rule.ts";

const MEANING =
  "COMPLIANT means: VPC flow log service is activated, a precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3. It does not prove that a flow log exists or that traffic is recorded.";
const BEFORE =
  "Before you activate the service: read and accept its terms. Activation cannot be undone. Run one command at a time within an account.";

test("the table has rows, the remedy and the summary", () => {
  const report = reportWith(["COMPLIANT", "NON_COMPLIANT", "INSUFFICIENT_DATA"]);
  expect(table.render(report, { color: false, cards: DEFAULT_RULES })).toBe(`\
STATUS                REGION   REASON          REQUEST ID
✔ COMPLIANT           cn-r0    ACTIVATED       REQUEST-0
✖ NON_COMPLIANT       cn-r1    NOT_ACTIVATED   REQUEST-1
? INSUFFICIENT_DATA   cn-r2    TIMEOUT         REQUEST-2

✖ cn-r1  What is the matter with cn-r1.
? cn-r2  What is the matter with cn-r2.
${BEFORE}

3 regions of account 1234567890123456: 1 compliant, 1 not compliant, 1 could not be read (1.2 s)
${MEANING}
Not asked: whether traffic is recorded, complete, delivered and kept. Ask with rules=all.
`);
});

test("an assumed account is marked as assumed", () => {
  const report = { ...reportWith(["COMPLIANT"]), caller: null, accountAssumed: true } as const;
  expect(table.render(report, { color: false, cards: DEFAULT_RULES })).toContain(
    "1 region of account 1234567890123456 (assumed): 1 compliant",
  );
});

test("colours follow the status, and the text stays the same without them", () => {
  const report = reportWith(["COMPLIANT", "NON_COMPLIANT", "INSUFFICIENT_DATA"]);
  const colored = table.render(report, { color: true, cards: DEFAULT_RULES });
  expect(colored).toContain("\u001b[32m✔ COMPLIANT");
  expect(colored).toContain("\u001b[31m✖ NON_COMPLIANT");
  expect(colored).toContain("\u001b[33m? INSUFFICIENT_DATA");
  const plain = (text: string): string => stripVTControlCharacters(text).replaceAll(/ +$/gm, "");
  expect(plain(colored)).toBe(plain(table.render(report, { color: false, cards: DEFAULT_RULES })));
});

test("notes on all regions are printed once, and only where they apply", () => {
  const tableOf = (...statuses: Parameters<typeof reportWith>[0]) =>
    table.render(reportWith(statuses), { color: false, cards: DEFAULT_RULES });
  const count = (text: string, part: string): number => text.split(part).length - 1;
  const many = tableOf("COMPLIANT", "COMPLIANT", "NON_COMPLIANT", "NON_COMPLIANT");
  expect([count(many, MEANING), count(many, BEFORE)]).toEqual([1, 1]);
  expect(tableOf("COMPLIANT")).not.toContain(BEFORE);
  expect(tableOf("NON_COMPLIANT", "INSUFFICIENT_DATA")).not.toContain("COMPLIANT means");
  expect(tableOf("INSUFFICIENT_DATA", "IGNORED")).not.toMatch(/COMPLIANT means|Before you/);
});

test("a rule's own texts are printed, also of a rule that this version does not know", () => {
  const report = reportWith(["COMPLIANT", "NON_COMPLIANT"]);
  const sample = {
    ...report,
    rules: [SAMPLE_RULE],
    findings: report.findings.map((finding) => ({ ...finding, ruleId: SAMPLE_RULE.id })),
  };
  const meaning =
    "COMPLIANT means: The sample is in order, which meets ACME Baseline 3.1 control 7, a precondition of ACME Baseline 3.1 control 9.2.";
  const known = table.render(sample, { color: false, cards: [...DEFAULT_RULES, SAMPLE_RULE] });
  expect(known).toContain(`\n${meaning} It does not prove that samples are kept.\n`);
  expect(known).toContain("\nMind the step.\n");
  const unknown = table.render(sample, { color: false, cards: DEFAULT_RULES });
  expect(unknown).toContain(`\n${meaning}\n`);
  expect(unknown).not.toMatch(/flow log|Mind the step/);
});

test("several rules, and resources, have a column and a summary", async () => {
  const world = { "cn-a": { "box-1": "shut", "box-12": "open" }, "cn-b": {} } as const;
  await using emulator = await startEmulator({
    regions: { "cn-a": { activated: true }, "cn-b": { activated: false } },
  });
  const cards = [...DEFAULT_RULES, boxRule(world)];
  const report = await auditEmulator(emulator, { rules: cards });
  const shown = (text: string): string[] =>
    text
      .replaceAll(/[\dA-F]{8}-[\dA-F-]{27}/g, "REQUEST")
      .replaceAll(/\(\d+\.\d s\)/g, "(0.1 s)")
      .split("\n");
  const both = shown(table.render(report, { color: false, cards }));
  expect(both.slice(0, -3)).toEqual([
    "STATUS             RULE                         REGION   RESOURCE   NAME             REASON          REQUEST ID",
    "✖ NON_COMPLIANT    boxes-shut                   cn-a     box-12     name of box-12   OPEN            LIST-cn-a",
    "✔ COMPLIANT        flow-log-service-activated   cn-a     -          -                ACTIVATED       REQUEST",
    "✔ COMPLIANT        boxes-shut                   cn-a     box-1      name of box-1    SHUT            LIST-cn-a",
    "✖ NON_COMPLIANT    flow-log-service-activated   cn-b     -          -                NOT_ACTIVATED   REQUEST",
    "- NOT_APPLICABLE   boxes-shut                   cn-b     -          -                NO_BOXES        LIST-cn-b",
    "",
    "✖ cn-a box-12 (name of box-12)  box-12 is open.",
    `✖ cn-b                          ${report.findings.at(-1)?.reason.message}`,
    BEFORE,
    "Mind the step.",
    "",
    "5 findings in 2 regions of account 1234567890123456: 2 compliant, 2 not compliant, 1 not applicable (0.1 s)",
  ]);
  // Each meaning names its rule: "COMPLIANT" alone would be of any of them.
  expect(both.slice(-3)).toEqual([
    `flow-log-service-activated: ${MEANING}`,
    "boxes-shut: COMPLIANT means: Every box is shut, which meets ACME Baseline 3.1 control 7, a precondition of ACME Baseline 3.1 control 9.2. It does not prove that samples are kept.",
    "",
  ]);
  expect(describeSummary(report)).toMatch(/^5 findings in 2 regions of account /);

  const boxes = await auditEmulator(emulator, { rules: [boxRule(world)] });
  expect(shown(table.render(boxes, { color: false, cards }))[0]).toBe(
    "STATUS             REGION   RESOURCE   NAME             REASON     REQUEST ID",
  );
  const regions = await auditEmulator(emulator, { rules: [...DEFAULT_RULES, SAMPLE_RULE] });
  expect(shown(table.render(regions, { color: false, cards }))[0]).toBe(
    "STATUS            RULE                         REGION   REASON          REQUEST ID",
  );
  expect(describeSummary(regions)).toMatch(/^4 findings in 2 regions of account /);
});

test("what was not asked is the last line of a report of the activation rule alone", () => {
  const notAsked =
    "Not asked: whether traffic is recorded, complete, delivered and kept. Ask with rules=all.";
  const render = (ruleIds: readonly string[], options = {}) =>
    table
      .render(resourceReport([{ ruleId: ruleIds[0] ?? "" }], ruleIds), {
        color: false,
        cards: DEFAULT_RULES,
        ...options,
      })
      .trimEnd()
      .split("\n")
      .at(-1);
  expect(render(DEFAULT_RULE_IDS)).toBe(notAsked);
  expect(render(DEFAULT_RULE_IDS, { wayToAsk: "parameter" })).toBe(notAsked);
  expect(render(DEFAULT_RULE_IDS, { wayToAsk: "flag" })).toBe(
    notAsked.replace("rules=all", "--rules all"),
  );
  expect(render(DEFAULT_RULE_IDS, { wayToAsk: null })).toMatch(/^1 region of account/);
  expect(render(RULE_IDS.slice(0, 2))).toMatch(/^1 finding in 1 region of account/);
  expect(render(RULE_IDS.slice(1, 2))).toMatch(/^1 region of account/);
});

test("only findings of chosen statuses are shown; the summary and the meaning are of all", () => {
  const report = reportWith(["COMPLIANT", "NON_COMPLIANT", "INSUFFICIENT_DATA", "IGNORED"]);
  const options = { color: false, cards: DEFAULT_RULES, wayToAsk: null };
  expect(table.render(report, { ...options, only: ["INSUFFICIENT_DATA", "IGNORED"] })).toBe(`\
STATUS                REGION   REASON          REQUEST ID
? INSUFFICIENT_DATA   cn-r2    TIMEOUT         REQUEST-2
- IGNORED             cn-r3    NOT_ACTIVATED   REQUEST-3
2 findings not shown (--only)

? cn-r2  What is the matter with cn-r2.
- cn-r3  What is the matter with cn-r3.

4 regions of account 1234567890123456: 1 compliant, 1 not compliant, 1 could not be read, 1 ignored (1.2 s)
${MEANING}
`);
  const all = table.render(report, { ...options, only: null });
  expect(table.render(report, { ...options, only: STATUSES_WORST_FIRST })).toBe(all);
});

describe("the advice on resources", () => {
  const adviceOf = (sketches: readonly FindingSketch[]): string[] => {
    const text = table.render(resourceReport(sketches), { color: false, cards: [] });
    return text.split("\n\n")[1]?.split("\n") ?? [];
  };

  test("says once what is equal, with all places", () => {
    const status = "INSUFFICIENT_DATA";
    const message = "Allow the RAM action vpc:DescribeVpcs.";
    const denied = RULE_IDS.flatMap((ruleId) =>
      ["cn-a", "cn-b"].map((regionId) => ({ ruleId, regionId, status, message }) as const),
    );
    expect(
      adviceOf([
        ...denied,
        { id: "vpc-1", name: "prod", message: "Activate fl-1." },
        { id: "vpc-2", message: "Activate fl-2." },
        { id: "vpc-3", status: "COMPLIANT" },
      ]),
    ).toEqual([
      "✖ cn-hangzhou vpc-1 (prod)  Activate fl-1.",
      "✖ cn-hangzhou vpc-2         Activate fl-2.",
      "? cn-a, cn-b                Allow the RAM action vpc:DescribeVpcs.",
    ]);
  });

  test("is not pushed away by one long id", () => {
    const id = "p".repeat(63);
    expect(
      adviceOf([
        { id, message: "Keep more." },
        { id: "vpc-1", name: "测试", message: "Make one." },
      ]),
    ).toEqual([
      `✖ cn-hangzhou ${id}  Keep more.`,
      `✖ cn-hangzhou vpc-1 (测试)${" ".repeat(48 - 24)}  Make one.`,
    ]);
  });
});

test("the advice on regions has a line for each, also where the message is the same", () => {
  const report = reportWith(["INSUFFICIENT_DATA", "INSUFFICIENT_DATA"]);
  const findings = report.findings.map((finding) => ({
    ...finding,
    reason: { ...finding.reason, message: "Access denied." },
  }));
  const text = table.render({ ...report, findings }, { color: false, cards: DEFAULT_RULES });
  expect(text).toContain("\n\n? cn-r0  Access denied.\n? cn-r1  Access denied.\n\n");
});
