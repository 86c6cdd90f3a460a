import type { Condition } from "../../alerts/alert.ts";
import type { GONE } from "../../alerts/gone-finding.ts";
import type { EXEMPT } from "../../audit/finding.ts";
import type { Noun, Relation, RuleWords } from "../../audit/rule-card.ts";
import type { Language } from "../receiver-options.ts";
import type { NoticeKind } from "./notice.ts";

/** What a summary counts of one rule. */
export interface RuleCounts {
  readonly own: RuleWords;
  /** How the rule's subjects are counted. */
  readonly noun: Noun;
  readonly subjects: number;
  /** Accounts that the summary is about. */
  readonly accounts: number;
  readonly open: number;
  readonly compliant: number;
  readonly exempt: number;
  /** Subjects that could not be read. */
  readonly unreadable: number;
  /** Regions in which a rule about resources could not be evaluated. */
  readonly unreadableRegions: number;
  /** Whether the rule was evaluated anywhere. */
  readonly isEvaluated: boolean;
}

/** The kinds of notice for which each rule has words of its own. */
export type RuleLabel = "opened" | "stillOpen" | "resolved";

/** What messages say about the subjects of one rule, in one language. */
export interface RulePhrases {
  /** The rule's topic, at the end of a title. */
  readonly topic: string;
  /** Half a sentence before the subjects: in a title, and at the beginning of a list. */
  readonly labels: Readonly<Record<NoticeKind, string>>;
  /** Before open subjects of which the receiver was notified earlier. */
  readonly alsoOpen: string;
  /** Before open subjects in a summary. */
  readonly open: string;

  /** Clauses about one subject. */
  readonly isOpen: string;
  readonly isStillOpen: string;
  readonly isOpenForAnotherReason: string;
  readonly isResolved: string;
  /** By condition; the last day of the exemption follows. */
  readonly isExempted: Readonly<Record<Condition, string>>;
  readonly isUnscoped: Readonly<Record<Condition, string>>;
  /** Of a subject that could not be read by this run. */
  readonly wasOpenWhenLastRead: string;
  /** Of a subject that cannot be read: a whole line. */
  readonly wasOpen: (time: string | null) => string;
  /** After an unreadable subject in a list. */
  readonly wasOpenMark: string;
}

/** What messages say about every rule, in one language, without any chat's markup. */
export interface Words {
  readonly language: Language;

  /** The phrases of a rule, made of its own words. */
  readonly phrasesOf: (own: RuleWords) => RulePhrases;
  /**
   * The words for a rule that this version does not know.
   *
   * @param ruleId - with its markup disabled
   */
  readonly unknownRule: (ruleId: string) => RuleWords;

  readonly counted: (count: number, noun: Noun) => string;
  /**
   * Subjects of several accounts.
   *
   * @param subjects - how many there are, counted
   */
  readonly inAccounts: (subjects: string, accounts: number) => string;
  /** How rules are counted, from two. */
  readonly rules: (count: number) => string;
  readonly moreRules: (count: number) => string;
  /** The title of a summary, in half a sentence. */
  readonly summaryOf: (rules: readonly RuleCounts[]) => string;
  /** What a summary counts of one rule. */
  readonly countsOf: (rule: RuleCounts) => string;
  readonly test: string;
  readonly headlineSeparator: string;

  /** In half a sentence, whatever the rule. */
  readonly labels: Readonly<Record<Exclude<NoticeKind, RuleLabel>, string>>;
  /** A moment, in milliseconds since the epoch, to the minute and with its time zone. */
  readonly time: (timeMs: number) => string;
  readonly since: (time: string) => string;
  /** Of several subjects: the earliest time. */
  readonly sinceFirst: (time: string) => string;
  /** Of a condition that is over. */
  readonly hadBeenSince: (time: string) => string;
  readonly account: string;
  readonly console: string;
  readonly fix: string;
  /** Before a command with the placeholder `<id>` for a region's id. */
  readonly fixEachRegion: string;
  /** Before a command with the placeholders `<region>` and `<id>` for those of a resource. */
  readonly fixEachResource: string;
  /** The meaning of the reason codes that every change can have and that are no failures. */
  readonly reason: Readonly<Record<typeof EXEMPT | typeof GONE, string>>;
  /** Before and after a reason's code; what to do about it follows. */
  readonly whatToDo: readonly [before: string, after: string];

  readonly notRead: string;
  /** The last day and the owner of the exemption follow. */
  readonly exemptionEnds: string;
  readonly exemptionOwner: string;
  /** In half a sentence. */
  readonly readOf: (read: number, total: number) => string;
  /** The relation of a rule to controls of a framework, which is named with its version. */
  readonly bearsOn: Readonly<
    Record<Relation, (framework: string, controlIds: readonly string[]) => string>
  >;
  /**
   * Of alerts sent while the state cannot be read or written.
   *
   * @param own - the words of the rule, where the alert is about one rule, and that about regions
   */
  readonly stateFailed: (own: RuleWords | null) => string;
  readonly testNote: string;
  /** @param noun - null for subjects of several kinds */
  readonly more: (count: number, noun: Noun | null) => string;
  /** The same of subjects of so many accounts. */
  readonly moreInAccounts: (count: number, noun: Noun | null, accounts: number) => string;
  /** Between names. */
  readonly separator: string;
  readonly comma: string;
  readonly colon: string;
  readonly brackets: readonly [opening: string, closing: string];
  /** Whether local names, which may be Chinese, are shown whatever they are written in. */
  readonly showsAnyLocalName: boolean;
}
