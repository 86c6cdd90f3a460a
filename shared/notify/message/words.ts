import type { Condition } from "../../alerts/alert.ts";
import type { EXEMPT, FailureCode } from "../../audit/finding.ts";
import type { Relation } from "../../audit/rule-card.ts";
import type { Language } from "../receiver-options.ts";
import type { NoticeKind } from "./notice.ts";
import { EN } from "./words/en.ts";
import { ZH } from "./words/zh.ts";

/** What a summary counts. */
export interface SummaryCounts {
  readonly total: number;
  readonly notActivated: number;
  readonly unreadable: number;
  readonly activated: number;
  readonly exempt: number;
}

/** Everything that a message says, in one language. Nothing in it is a mark to any chat. */
export interface Words {
  readonly language: Language;

  /** In half a sentence, before regions: in a title, and where a list begins. */
  readonly labels: Readonly<Record<NoticeKind, string>>;
  readonly regions: (count: number) => string;
  /** What the title is about, at its end. */
  readonly subject: string;
  readonly summaryOf: (counts: SummaryCounts) => string;
  /** What a summary's title says where nothing was read. */
  readonly nothingRead: string;
  readonly test: string;
  readonly verdictSeparator: string;

  /** What is the matter with one region. */
  readonly isOpen: string;
  readonly isStillOpen: string;
  readonly isOpenOtherwise: string;
  readonly isResolved: string;
  readonly isUnreadable: string;
  readonly isStillUnreadable: string;
  readonly isReadable: string;
  /** By what is the matter; followed by the last day of the exemption. */
  readonly isExempted: Readonly<Record<Condition, string>>;
  readonly isUnscoped: Readonly<Record<Condition, string>>;
  /** Open, but not read this time. */
  readonly wasOpenWhenLastRead: string;
  /** Of a region that cannot be read: a whole line. */
  readonly wasOpen: (time: string | null) => string;
  /** After the name of a region in a list of those that cannot be read. */
  readonly wasOpenMark: string;
  /** A moment, in milliseconds since the epoch, to the minute and with its time zone. */
  readonly time: (timeMs: number) => string;
  readonly since: (time: string) => string;
  /** Of regions that are not so since the same time: the earliest. */
  readonly sinceFirst: (time: string) => string;
  /** Of what is over. */
  readonly hadBeenSince: (time: string) => string;
  readonly account: string;
  readonly console: string;
  readonly fix: string;
  /** Before a command in which `<id>` stands for a region's id. */
  readonly fixEach: string;
  readonly createFlowLog: string;
  /** The meaning of the reason codes that no rule has of its own. */
  readonly reason: Readonly<Record<FailureCode | typeof EXEMPT, string>>;
  /** Before and after a reason's code; what to do about it follows. */
  readonly whatToDo: readonly [before: string, after: string];

  /** Of all regions. */
  readonly notActivated: string;
  readonly alsoNotActivated: string;
  readonly notRead: string;
  /** Followed by the day, and by who answers for it. */
  readonly exemptionEnds: string;
  readonly exemptionOwner: string;
  readonly readOf: (read: number, total: number) => string;
  /** How a rule bears on controls of a framework, which is named with its version. */
  readonly bearsOn: Readonly<
    Record<Relation, (framework: string, controlIds: readonly string[]) => string>
  >;
  /** Of alerts sent while the state cannot be read or written. */
  readonly stateFailed: string;
  readonly testNote: string;
  readonly more: (regions: number) => string;
  /** Between names. */
  readonly separator: string;
  readonly comma: string;
  readonly colon: string;
  readonly brackets: readonly [opening: string, closing: string];
  /** Whether local names, which may be Chinese, are shown whatever they are written in. */
  readonly showsAnyLocalName: boolean;
}

/** The words of a language. */
export const WORDS: Readonly<Record<Language, Words>> = { en: EN, zh: ZH };
