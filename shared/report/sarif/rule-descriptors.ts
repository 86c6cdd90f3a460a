import type { Report } from "../../audit/report.ts";
import type { Control, RuleCard, RuleSummary } from "../../audit/rule-card.ts";
import { ruleMeaning } from "../rule-meaning.ts";
import { safeRemedy } from "../safe-remedy.ts";
import { rankOf } from "../status-order.ts";
import { messageText } from "./message-text.ts";
import { LEVELS, SECURITY_SEVERITIES } from "./severity-levels.ts";

/** The most that GitHub shows of a description. */
const MAX_DESCRIPTION_BYTES = 1_024;

/** A published framework, of which a rule has to do with some controls. */
interface Taxonomy {
  readonly name: string;
  readonly version: string;
  readonly taxa: readonly { readonly id: string }[];
}

/** What a run says of its rules: a descriptor of each, and the frameworks of their controls. */
export interface DescribedRules {
  readonly rules: readonly object[];
  readonly taxonomies: readonly object[];
  /** References to the taxonomies, for the tool. */
  readonly supportedTaxonomies: readonly object[];
}

/** Describes the rules of a report by their cards. */
export function describeRules(report: Report, cards: readonly RuleCard[]): DescribedRules {
  const taxonomies = taxonomiesOf(report.rules);
  return {
    rules: report.rules.map((rule) =>
      describeRule(rule, {
        card: cards.find(({ id }) => id === rule.id),
        report,
        taxonomies,
      }),
    ),
    taxonomies: taxonomies.map((taxonomy) => ({ ...taxonomy, isComprehensive: false })),
    supportedTaxonomies: taxonomies.map(({ name }, index) => ({ name, index })),
  };
}

interface Known {
  readonly card: RuleCard | undefined;
  readonly report: Report;
  readonly taxonomies: readonly Taxonomy[];
}

function describeRule(rule: RuleSummary, { card, report, taxonomies }: Known): object {
  const meaning = ruleMeaning(rule, card);
  const relationships = rule.controls.map((control) => relationOf(control, taxonomies));
  const helpUri = pageOf(rule, card, report);
  const notes = card === undefined ? [] : notesOf(rule, card, report);
  return {
    id: rule.id,
    shortDescription: { text: messageText(rule.title, MAX_DESCRIPTION_BYTES) },
    fullDescription: { text: messageText(meaning, MAX_DESCRIPTION_BYTES) },
    help: { text: messageText([meaning, ...notes].join(" ")) },
    ...(helpUri !== null && { helpUri }),
    defaultConfiguration: { level: LEVELS[rule.severity] },
    ...(relationships.length > 0 && { relationships }),
    properties: {
      "security-severity": SECURITY_SEVERITIES[rule.severity],
      severity: rule.severity,
      precision: "very-high",
      tags: ["security", "compliance"],
      controls: rule.controls,
    },
  };
}

/**
 * The page of the console on which a subject of the rule is made compliant, of the worst finding; null
 * where there is none.
 */
function pageOf({ id }: RuleSummary, card: RuleCard | undefined, report: Report): string | null {
  const [worst] = report.findings
    .filter(({ ruleId }) => ruleId === id)
    .toSorted((a, b) => rankOf(a.status) - rankOf(b.status));
  if (card === undefined || worst === undefined) return null;
  const { consoleUrl } = safeRemedy(worst, card);
  return URL.canParse(consoleUrl) ? consoleUrl : null;
}

/** What to know before a remedy is applied, and what is left to do after it, each text once. */
function notesOf({ id }: RuleSummary, card: RuleCard, { findings }: Report): readonly string[] {
  const notes = new Set<string>();
  for (const finding of findings) {
    if (finding.ruleId !== id || finding.status !== "NON_COMPLIANT") continue;
    const { before, after } = safeRemedy(finding, card);
    if (before !== null) notes.add(before.en);
    if (after !== null) notes.add(after.note.en);
  }
  return [...notes];
}

/** SARIF has no word for a precondition; a tool may use words of its own beside `relevant`. */
function relationOf(control: Control, taxonomies: readonly Taxonomy[]): object {
  const index = taxonomies.findIndex((taxonomy) => isOf(control, taxonomy));
  return {
    target: { id: control.id, toolComponent: { name: control.framework, index } },
    kinds: ["relevant", control.relation],
  };
}

function taxonomiesOf(rules: readonly RuleSummary[]): readonly Taxonomy[] {
  const taxonomies: { name: string; version: string; taxa: { id: string }[] }[] = [];
  for (const control of rules.flatMap(({ controls }) => controls)) {
    const { framework: name, version, id } = control;
    let taxonomy = taxonomies.find((known) => isOf(control, known));
    if (taxonomy === undefined) {
      taxonomy = { name, version, taxa: [] };
      taxonomies.push(taxonomy);
    }
    if (!taxonomy.taxa.some((taxon) => taxon.id === id)) taxonomy.taxa.push({ id });
  }
  return taxonomies;
}

function isOf(
  { framework, version }: Control,
  taxonomy: Pick<Taxonomy, "name" | "version">,
): boolean {
  return taxonomy.name === framework && taxonomy.version === version;
}
