import type { FindingRemedy, Reason, ReasonCode } from "./finding.ts";
import type { Permission } from "./permission.ts";
import type { Subject } from "./subject.ts";

/** How bad it is that a subject does not comply with a rule. */
export const SEVERITIES = ["critical", "high", "medium", "low"] as const;
export type Severity = (typeof SEVERITIES)[number];

/**
 * What compliance with a rule proves of a control: the control is met (`implements`), or it can be
 * met (`precondition`).
 */
export const RELATIONS = ["implements", "precondition"] as const;
export type Relation = (typeof RELATIONS)[number];

/** A control of a published framework. */
export interface Control {
  /** The framework's own name: `CIS Alibaba Cloud Foundation Benchmark`. */
  readonly framework: string;
  /** Version of the framework; control ids are renumbered between versions. */
  readonly version: string;
  readonly id: string;
  readonly relation: Relation;
}

/** The part of a rule's card that a report carries. */
export interface RuleSummary {
  readonly id: string;
  /** What is true of a compliant subject, as a sentence without its end. */
  readonly title: string;
  readonly severity: Severity;
  readonly controls: readonly Control[];
}

/** A text in each language that messages are written in. */
export interface Texts {
  readonly en: string;
  readonly zh: string;
}

/** How subjects of one kind are counted: `2 regions`, `2 个地域`. */
export interface Noun {
  readonly en: { readonly one: string; readonly other: string };
  /** Follows the number, so it begins with the measure word: `个地域`. */
  readonly zh: string;
}

/** The resources that a rule judges one by one. */
export interface ResourceKind {
  /** Resource type as Cloud Config names it, for example `ACS::VPC::VPC`. */
  readonly type: string;
  readonly noun: Noun;
}

/** A reason code of a rule's own: the status that it explains, and its meaning in a few words. */
export interface RuleReason extends Texts {
  readonly status: "COMPLIANT" | "NON_COMPLIANT" | "NOT_APPLICABLE" | "INSUFFICIENT_DATA";
  /** The meaning as one sentence: the message of a finding, or its beginning, where the rule says no more. */
  readonly message: string;
  /** HTTP status of the answer that proves it. @default 200 */
  readonly httpStatus?: number;
}

/** What is known of a subject when its remedy is asked for: a finding is one. */
export interface RemedySubject extends Pick<Subject, "regionId" | "resource"> {
  /** Why it is not compliant; absent where that is not known. */
  readonly reason?: Pick<Reason, "code">;
  /** What the rule itself made for it, which then is the remedy. */
  readonly remedy?: FindingRemedy;
}

/** What to do about a subject that is not compliant. */
export interface Remedy {
  /**
   * The command that makes the subject compliant, with nothing configured but keys in the
   * environment; null where there is no single command.
   */
  readonly command: string | null;
  /** Terraform that does the same. @default null: there is none */
  readonly terraform?: string | null;
  /** The page of the console on which to make it compliant, and to do what is left to do. */
  readonly consoleUrl: string;
  /**
   * What to know before the command is run. A message says it once, after all subjects, so it names
   * what it is about.
   */
  readonly before: Texts | null;
  /**
   * What is left to do once the subject is compliant, and the text of a link to `consoleUrl`. `note`
   * is said like `before`.
   */
  readonly after: { readonly note: Texts; readonly linkText: Texts } | null;
}

/**
 * What messages say of a rule's subjects, in one language. In English `open` and `compliant` can
 * follow "is" and "was". Nothing in it is a mark to any chat: messages do not escape it.
 */
export interface RuleWords {
  /** What the rule is about, at the end of a title: `VPC flow log service`. */
  readonly topic: string;
  /** A subject that is not compliant, as in `3 not activated`. */
  readonly open: string;
  /** A subject that is compliant, as in `2 activated`. */
  readonly compliant: string;
  /** Clauses about one subject. @default made of `open` and `compliant` */
  readonly clauses?: RuleClauses;
}

/** The same in Chinese, and what the rest of a card says in English alone. */
export interface ChineseRuleWords extends RuleWords {
  readonly title: string;
  /** Continues 不能证明…. */
  readonly doesNotProve: string;
}

/** Clauses about one subject, which a message puts after the subject's id. */
export interface RuleClauses {
  /** `the service is not activated` */
  readonly isOpen: string;
  /** `the service is still not activated` */
  readonly isStillOpen: string;
  /** `the service was not activated` */
  readonly wasOpen: string;
  /** `the service is activated` */
  readonly isCompliant: string;
}

/** All that messages and reports say of a rule. */
export interface RuleCard extends RuleSummary {
  /** What compliance does not prove, though it may seem to; continues "does not prove …". */
  readonly doesNotProve: string;
  /** What a finding is about: a region as a whole, or each resource of a kind in it. */
  readonly subject: "region" | ResourceKind;
  /** The rule's own reason codes. Failure codes and `EXEMPT` are every rule's. */
  readonly reasons: Readonly<Record<string, RuleReason>>;
  readonly words: { readonly en: RuleWords; readonly zh: ChineseRuleWords };
  /** `alertname` at an Alertmanager. Routes and silences match it, so it never changes. */
  readonly alertNames: { readonly open: string; readonly unreadable: string };
  /**
   * The remedy of one subject. A region of the rule that has no resource is asked for without one.
   * Where only a finding tells the command, a subject without it has none.
   */
  remedy(subject: RemedySubject): Remedy;
  /** The permissions that an identity needs to evaluate the rule, and so the operations that it calls. */
  readonly permissions: readonly Permission[];
}

/**
 * Finds what a code means that is one of a rule's own.
 *
 * @param code - from outside it may be `constructor`, which every object has
 * @returns undefined for every other code, and where the rule has no card in this version
 */
export function ownReason(
  code: ReasonCode,
  card: Pick<RuleCard, "reasons"> | null | undefined,
): RuleReason | undefined {
  const reasons = card?.reasons ?? {};
  return Object.hasOwn(reasons, code) ? reasons[code] : undefined;
}

/** Reduces a rule's card to what a report carries. */
export function summarizeRule({ id, title, severity, controls }: RuleSummary): RuleSummary {
  return { id, title, severity, controls };
}

/** The controls of one framework to which a rule has the same relation. */
export interface ControlGroup {
  readonly relation: Relation;
  /** Name and version: `CIS Alibaba Cloud Foundation Benchmark 2.0.0`. */
  readonly framework: string;
  readonly ids: readonly string[];
}

/** Groups controls by framework and relation, in the order given. */
export function groupControls(controls: readonly Control[]): ControlGroup[] {
  const groups = new Map<string, ControlGroup>();
  for (const { framework: name, version, id, relation } of controls) {
    const framework = `${name} ${version}`;
    const key = `${relation} ${framework}`;
    groups.set(key, { relation, framework, ids: [...(groups.get(key)?.ids ?? []), id] });
  }
  return [...groups.values()];
}
