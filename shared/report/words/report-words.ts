import type { Finding, Status } from "../../audit/finding.ts";
import type { SkippedAccount } from "../../audit/report.ts";
import type { RuleCard, RuleSummary, Texts } from "../../audit/rule-card.ts";
import type { WayToAsk } from "../not-asked.ts";

/** The languages in which people can read a report. */
export const REPORT_LANGUAGES = ["en", "zh"] as const;
export type ReportLanguage = (typeof REPORT_LANGUAGES)[number] & keyof Texts;

/** What a report counts. */
export type Counted = "account" | "command" | "finding" | "region" | "warning";

/** The heads of a table's columns. */
export type Heads = Readonly<
  Record<
    "status" | "account" | "rule" | "region" | "resource" | "name" | "reason" | "requestId",
    string
  >
>;

/** The accounts of a report, in its summary. */
export interface CountedAccounts {
  /** The only one that was audited; null where there are several. */
  readonly only: string | null;
  readonly audited: number;
  readonly skipped: number;
  readonly isAssumed: boolean;
  /** Who assumed the roles of accounts; null where nobody did, or it is not known. */
  readonly caller: string | null;
}

/** The counts of a report's verdict. */
export interface CountedFindings {
  readonly noun: "finding" | "region";
  readonly total: number;
  readonly compliant: number;
  readonly nonCompliant: number;
  readonly insufficientData: number;
  readonly ignored: number;
}

/** What tables, job summaries and notes say, in one language. Colours are in the texts that are given. */
export interface ReportWords {
  readonly language: ReportLanguage;
  /** `2 regions` */
  readonly counted: (count: number, noun: Counted) => string;
  /** Between items of a list in a sentence. */
  readonly separator: string;
  /** The time of an ISO 8601 text, with its zone. */
  readonly time: (iso: string) => string;

  readonly heads: Heads;
  /** A status in the column of statuses. */
  readonly statuses: Readonly<Record<Status, string>>;
  /** `3 not compliant` */
  readonly statusCount: (count: number, status: Status) => string;
  /** What a finding says, and what to do. */
  readonly message: (finding: Finding, cards: readonly RuleCard[]) => string;
  readonly meaning: (rule: RuleSummary, card: RuleCard | undefined) => string;
  /** A text about one of several rules. */
  readonly ofRule: (ruleId: string, text: string) => string;
  readonly notAsked: (way: WayToAsk) => string;

  readonly summarized: (findings: number) => string;
  readonly hidden: (findings: number) => string;
  /** After the name of an account: how many of its findings have no line. */
  readonly andCounts: (counts: string) => string;
  /** An account in which one reason holds everywhere. */
  readonly inAllRegions: (account: string, code: string, regions: number) => string;
  /** Accounts in which nothing is wrong. */
  readonly fine: (accounts: string, counts: string) => string;
  readonly regionsCompliant: (regions: number) => string;
  readonly countsInRegions: (counts: string, regions: number) => string;
  /** Where a reason holds. */
  readonly codeInRegions: (code: string, regions: number, accounts: number) => string;
  /** Begins a message that is one of several. */
  readonly example: (account: string, place: string) => string;
  readonly skipped: (reason: SkippedAccount["reason"]) => string;
  readonly skippedMessage: (reason: SkippedAccount["reason"]) => string;
  readonly managementUnknown: string;
  /** Whose credentials a command needs in another account. */
  readonly ownCredentials: string;
  /** Who lacks a permission in another account. */
  readonly rolePermission: string;

  /** `3 regions`, or `5 findings in 3 regions`. */
  readonly total: (regions: number, findings: number | null) => string;
  readonly accounts: (accounts: CountedAccounts) => string;
  readonly seconds: (seconds: string) => string;
  readonly summary: (
    total: string,
    accounts: string,
    counts: readonly string[],
    seconds: string,
  ) => string;

  readonly markdown: MarkdownWords;
  readonly notes: {
    readonly writtenTo: (path: string) => string;
    readonly addedToJobSummary: string;
  };
}

/** What job summaries say beside it. */
export interface MarkdownWords {
  readonly heads: Readonly<
    Record<"status" | "account" | "region" | "rule" | "resource" | "reason" | "found", string>
  >;
  /** The verdict, without its mark. */
  readonly nonCompliant: (counts: CountedFindings) => string;
  readonly incomplete: (counts: CountedFindings) => string;
  readonly nothingToJudge: (counts: CountedFindings) => string;
  readonly compliant: (counts: CountedFindings) => string;
  /** Follows the verdict. */
  readonly notAudited: (accounts: number) => string;
  readonly countHeads: readonly [status: string, meaning: string, findings: string];
  readonly meanings: Readonly<Record<Status, string>>;
  /** A fact of the run. */
  readonly fact: (name: string, value: string) => string;
  readonly facts: Readonly<
    Record<"account" | "accounts" | "regions" | "rules" | "auditedBy" | "time" | "run", string>
  >;
  readonly assumed: string;
  readonly callerUnknown: string;
  readonly fromTo: (from: string, to: string) => string;
  readonly sections: Readonly<
    Record<"attention" | "toDo" | "skipped" | "warnings" | "proof", string>
  >;
  readonly managementUnknown: string;
  readonly leftOut: (counted: string) => string;
  readonly leftOutNotice: (findings: string, counts: string) => string;
  /** In a comment of a shell. */
  readonly commentAccount: string;
}
