/** How bad it is where a rule is not complied with. */
export const SEVERITIES = ["critical", "high", "medium", "low"] as const;
export type Severity = (typeof SEVERITIES)[number];

/**
 * What compliance with a rule says of a control: that the control is met (`implements`), or only
 * that it can be (`precondition`).
 */
export const RELATIONS = ["implements", "precondition"] as const;
export type Relation = (typeof RELATIONS)[number];

/** A control of a published framework that a rule is about. */
export interface Control {
  /** The framework's own name: `CIS Alibaba Cloud Foundation Benchmark`. */
  readonly framework: string;
  /** Of the framework; ids are renumbered between versions. */
  readonly version: string;
  readonly id: string;
  readonly relation: Relation;
}

/** What a report says of a rule. */
export interface RuleSummary {
  readonly id: string;
  /** What a compliant region complies with. */
  readonly title: string;
  readonly severity: Severity;
  readonly controls: readonly Control[];
}

/** A text in each language that messages are written in. */
export interface Texts {
  readonly en: string;
  readonly zh: string;
}

/** A reason code of a rule's own: the status that it explains, and its meaning in a few words. */
export interface RuleReason extends Texts {
  readonly status: "COMPLIANT" | "NON_COMPLIANT" | "NOT_APPLICABLE";
}

/** What to do about a region that is not compliant. */
export interface Remedy {
  /** The command that mends it. It works with nothing configured but keys in the environment. */
  readonly command: (regionId: string) => string;
  /** The page of the console on which to mend it, and to do what is left to do. */
  readonly consoleUrl: (regionId: string) => string;
  /** What to know before the command is run; the same for all regions. */
  readonly before: Texts;
  /** What is left to do once the rule is complied with; the same for all regions. */
  readonly after: Texts;
}

/** All that messages and reports say of a rule. */
export interface RuleCard extends RuleSummary {
  /** What compliance does not prove, though it may be taken to; continues "does not prove …". */
  readonly doesNotProve: string;
  /** The rule's own reason codes. Failure codes and `EXEMPT` are every rule's. */
  readonly reasons: Readonly<Record<string, RuleReason>>;
  readonly remedy: Remedy;
}

/** The part of a rule's card that a report carries. */
export function summarizeRule({ id, title, severity, controls }: RuleSummary): RuleSummary {
  return { id, title, severity, controls };
}

/** Controls of one framework that a rule bears on in one way. */
export interface ControlGroup {
  readonly relation: Relation;
  /** With its version: `CIS Alibaba Cloud Foundation Benchmark 2.0.0`. */
  readonly framework: string;
  readonly ids: readonly string[];
}

/** Groups controls for a sentence, in the order in which they are given. */
export function groupControls(controls: readonly Control[]): ControlGroup[] {
  const groups = new Map<string, ControlGroup>();
  for (const { framework: name, version, id, relation } of controls) {
    const framework = `${name} ${version}`;
    const key = `${relation} ${framework}`;
    groups.set(key, { relation, framework, ids: [...(groups.get(key)?.ids ?? []), id] });
  }
  return [...groups.values()];
}
