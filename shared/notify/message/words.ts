import type { ReasonCode } from "../../audit/finding.ts";
import type { Relation } from "../../audit/rule-card.ts";
import type { Language } from "../receiver-options.ts";
import { EN } from "./words/en.ts";
import { ZH } from "./words/zh.ts";

/** What a verdict says of a number of regions. */
export type Count = (regions: number) => string;

/** Everything that a message says, in one language. Nothing in it is a mark to any chat. */
export interface Words {
  readonly language: Language;

  /** Verdicts, for the title. */
  readonly opened: Count;
  readonly stillOpen: Count;
  readonly resolved: Count;
  readonly blind: Count;
  readonly stillBlind: Count;
  readonly readable: Count;
  readonly allClear: Count;
  readonly exempt: Count;
  /** What a title says in which nothing is open or unreadable, and nothing was read either. */
  readonly nothingRead: string;
  readonly test: string;
  readonly verdictSeparator: string;

  /** What is the matter with one region. */
  readonly isOpen: string;
  readonly isStillOpen: string;
  readonly isOpenOtherwise: string;
  readonly isResolved: string;
  readonly isBlind: string;
  readonly isStillBlind: string;
  readonly isReadable: string;
  /** Open, but not read this time. */
  readonly wasOpenWhenLastRead: string;
  /** A moment, in milliseconds since the epoch, to the minute and with its time zone. */
  readonly time: (timeMs: number) => string;
  readonly since: (time: string) => string;
  /** Of what is over. */
  readonly hadBeenSince: (time: string) => string;
  readonly account: string;
  readonly console: string;
  readonly fix: string;
  readonly createFlowLog: string;
  readonly reason: Readonly<Record<ReasonCode, string>>;

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
  readonly testNote: string;
  readonly more: Count;
  /** Between names. */
  readonly separator: string;
  readonly comma: string;
  readonly colon: string;
  readonly brackets: readonly [opening: string, closing: string];
  /** Whether local names, which are Chinese, are shown whatever they are written in. */
  readonly showsAnyLocalName: boolean;
}

/** The words of a language. */
export const WORDS: Readonly<Record<Language, Words>> = { en: EN, zh: ZH };
