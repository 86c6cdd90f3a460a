import type { Finding } from "../../audit/finding.ts";
import { groupBy } from "../../audit/group-by.ts";
import type { Report, SkippedAccount } from "../../audit/report.ts";
import type { RuleCard } from "../../audit/rule-card.ts";
import type { RenderOptions } from "../format.ts";
import { ruleMeaning } from "../rule-meaning.ts";
import { cellText } from "../table/cell-text.ts";
import { outcomeElement, outcomeOf } from "./outcome.ts";
import { describeProof } from "./proof.ts";
import { xmlElement } from "./xml-element.ts";

/**
 * Writes a report as JUnit XML. In a suite, class name and name of a test stay the same from run to run,
 * so that a history of tests, as Jenkins keeps, is one of regions and resources.
 */
export function renderJunit(report: Report, { cards }: Pick<RenderOptions, "cards">): string {
  const ofRun = runProperties(report, cards);
  const names = new Map(report.accounts.map(({ id, name }) => [id, name]));
  const suites = [...groupBy(report.findings, ({ accountId }) => accountId)].map(
    ([accountId, findings], index) => {
      const properties = [...accountProperties(names.get(accountId)), ...ofRun];
      return suiteElement({ accountId, index, findings, properties }, report, cards);
    },
  );
  const skipped = report.accounts
    .filter((account) => account.status === "skipped")
    .map((account, index) => skippedSuite(account, suites.length + index, report, cards));
  const document = xmlElement(
    "testsuites",
    {
      name: report.tool.name,
      ...countsOf(report.findings),
      time: seconds(Date.parse(report.finishedAt) - Date.parse(report.startedAt)),
    },
    [...suites, ...skipped],
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${document}\n`;
}

/** The findings of an account. */
interface Suite {
  readonly accountId: string;
  readonly index: number;
  readonly findings: readonly Finding[];
  readonly properties: readonly Property[];
}

function suiteElement(
  { accountId, index, findings, properties }: Suite,
  { startedAt }: Report,
  cards: readonly RuleCard[],
): string {
  const nameOf = uniqueNames();
  const skipped = findings.filter((finding) => outcomeOf(finding) === "skipped").length;
  return xmlElement(
    "testsuite",
    {
      id: index,
      name: cellText(accountId),
      ...countsOf(findings),
      skipped,
      // The schemas of JUnit know no time zone: it is UTC, as everywhere.
      timestamp: startedAt.slice(0, "2026-11-22T08:00:00".length),
    },
    [
      propertiesElement(properties),
      ...findings.map((finding) => testElement(finding, nameOf(finding), cards)),
    ],
  );
}

/** A suite without tests: nothing in the account was audited, and no test may seem to say otherwise. */
function skippedSuite(
  { id, name, reason }: SkippedAccount,
  index: number,
  report: Report,
  cards: readonly RuleCard[],
): string {
  const why: Property = ["account.skipped", `${reason.code}: ${reason.message}`];
  const properties = [...accountProperties(name), why, ...runProperties(report, cards)];
  return suiteElement({ accountId: id, index, findings: [], properties }, report, cards);
}

function testElement(finding: Finding, name: string, cards: readonly RuleCard[]): string {
  const { durationMs } = finding.evidence;
  return xmlElement(
    "testcase",
    {
      classname: cellText(finding.ruleId),
      name,
      time: durationMs === null ? undefined : seconds(durationMs),
    },
    [
      ...outcomeElement(finding, cards),
      xmlElement("system-out", {}, describeProof(finding).join("\n")),
    ],
  );
}

/**
 * Names the test of a finding: by its region, and the id of its resource. A resource's name may change,
 * and with it would the test. Two names that differ only in what is not shown get a number.
 */
function uniqueNames(): (finding: Finding) => string {
  const counts = new Map<string, number>();
  return ({ ruleId, regionId, resource }) => {
    const name = cellText([regionId, resource?.id ?? ""].join(" "));
    const key = JSON.stringify([ruleId, name]);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count === 1 ? name : `${name} (${count})`;
  };
}

/** How many tests there are, and how many did not end well. */
function countsOf(findings: readonly Finding[]): Readonly<Record<string, number>> {
  const count = (outcome: string): number =>
    findings.filter((finding) => outcomeOf(finding) === outcome).length;
  return { tests: findings.length, failures: count("failure"), errors: count("error") };
}

type Property = readonly [name: string, value: string];

function accountProperties(name: string | undefined): Property[] {
  return name === undefined ? [] : [["account.name", name]];
}

/** What is said of the run in each suite, since a suite is shown alone. */
function runProperties(report: Report, cards: readonly RuleCard[]): Property[] {
  const { runId, tool, startedAt, finishedAt, accountAssumed, managementAccountUnknown } = report;
  return [
    ["run.id", runId],
    ["run.startedAt", startedAt],
    ["run.finishedAt", finishedAt],
    ["tool.version", tool.version],
    ...(accountAssumed === true ? [["run.accountAssumed", "true"] as const] : []),
    ...(managementAccountUnknown === true
      ? [["run.managementAccountUnknown", "true"] as const]
      : []),
    ...report.rules.map((rule): Property => {
      const card = cards.find(({ id }) => id === rule.id);
      return [`rule.${rule.id}`, ruleMeaning(rule, card)];
    }),
  ];
}

function propertiesElement(properties: readonly Property[]): string {
  return xmlElement(
    "properties",
    {},
    properties.map(([name, value]) => xmlElement("property", { name, value: cellText(value) })),
  );
}

/** Seconds with three decimals: the schema knows neither exponent nor sign. */
function seconds(durationMs: number): string {
  return (Math.max(0, durationMs) / 1_000).toFixed(3);
}
