import type { TrailEvent } from "../../audit/trail.ts";
import type { ReportWords } from "../../report/words/report-words.ts";
import type { AccountHistory, GapReason, HistoryWindow, TrailHistory } from "../history.ts";
import type { TrailFailure } from "../trail/ask-trail.ts";

/** The runs that a history is made of. */
export interface UsedRuns {
  readonly used: number;
  readonly first: string;
  readonly last: string;
}

/** What the table of a history says beside {@link ReportWords}, in one language. */
export interface HistoryWords {
  readonly report: ReportWords;
  /** A time to the minute; in Chinese that of Beijing, without its zone. */
  readonly time: (iso: string) => string;
  readonly days: (count: number) => string;
  /** From one day or time to another. */
  readonly span: (from: string, to: string) => string;
  /** A status that another followed. */
  readonly became: (before: string, after: string) => string;
  readonly gaps: Readonly<Record<GapReason, string>>;
  readonly heads: Readonly<
    Record<
      "status" | "account" | "region" | "resource" | "since" | "days" | "first" | "last",
      string
    >
  >;
  /** A head beside the value, where there is no room for columns. */
  readonly label: (head: string) => string;
  /** The status of what is not there any more. */
  readonly gone: string;
  readonly exempt: (status: string) => string;
  readonly accountDays: (accountId: string, days: AccountHistory["days"]) => string;
  readonly titles: Readonly<Record<"changes" | "trail" | "gaps", string>>;
  readonly gapLine: (
    span: string,
    days: number,
    reason: string,
    whose: readonly string[],
  ) => string;
  readonly everything: string;
  readonly more: (count: number) => string;

  /** Who did what, and from where. */
  readonly deed: (event: TrailEvent) => string;
  readonly deedFailed: (code: string) => string;
  /** Before what a deed was about. */
  readonly colon: string;
  readonly trailProblem: (problem: string) => string;
  readonly noChange: (trail: TrailHistory) => string;
  readonly trailFailure: (failure: TrailFailure) => string;
  readonly trailCut: (trail: TrailHistory) => string;
  readonly onlyAccount: (accountId: string, others: readonly string[]) => string;

  readonly noRun: (evidence: string, window: HistoryWindow) => string;
  readonly runs: (runs: UsedRuns, evidence: string, window: HistoryWindow) => string;
  readonly unused: (count: number) => string;
  readonly proof: string;
}
