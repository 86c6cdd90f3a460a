import { stripVTControlCharacters } from "node:util";

import { expect, test } from "vitest";

import { describeSummary, table } from "../../../shared/report/table.ts";
import { DEFAULT_RULES } from "../../../shared/rules/rules.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import { auditEmulator } from "../../harness/audit-emulator.ts";
import { boxRule } from "../../harness/box-rule.ts";
import { reportWith } from "../../harness/report-with.ts";
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
    "STATUS             RULE                         REGION   RESOURCE   REASON          REQUEST ID",
    "✔ COMPLIANT        boxes-shut                   cn-a     box-1      SHUT            LIST-cn-a",
    "✖ NON_COMPLIANT    boxes-shut                   cn-a     box-12     OPEN            LIST-cn-a",
    "✔ COMPLIANT        flow-log-service-activated   cn-a     -          ACTIVATED       REQUEST",
    "- NOT_APPLICABLE   boxes-shut                   cn-b     -          NO_BOXES        LIST-cn-b",
    "✖ NON_COMPLIANT    flow-log-service-activated   cn-b     -          NOT_ACTIVATED   REQUEST",
    "",
    "✖ cn-a box-12  box-12 is open.",
    `✖ cn-b         ${report.findings.at(-1)?.reason.message}`,
    BEFORE,
    "Mind the step.",
    "",
    "5 findings in 2 regions of account 1234567890123456: 2 compliant, 2 not compliant, 1 not applicable (0.1 s)",
  ]);
  expect(describeSummary(report)).toMatch(/^5 findings in 2 regions of account /);

  const boxes = await auditEmulator(emulator, { rules: [boxRule(world)] });
  expect(shown(table.render(boxes, { color: false, cards }))[0]).toBe(
    "STATUS             REGION   RESOURCE   REASON     REQUEST ID",
  );
  const regions = await auditEmulator(emulator, { rules: [...DEFAULT_RULES, SAMPLE_RULE] });
  expect(shown(table.render(regions, { color: false, cards }))[0]).toBe(
    "STATUS            RULE                         REGION   REASON          REQUEST ID",
  );
  expect(describeSummary(regions)).toMatch(/^4 findings in 2 regions of account /);
});
