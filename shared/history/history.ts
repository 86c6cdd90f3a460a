import type { HeldExemption, Status } from "../audit/finding.ts";
import type { Control } from "../audit/rule-card.ts";
import type { Resource } from "../audit/subject.ts";
import type { TrailEvent } from "../audit/trail.ts";
import type { TrailFailure } from "./trail/ask-trail.ts";
import type { UtcDay } from "./utc-day.ts";

/** A status that was observed: what the cloud answered, before any exemption. */
export type ObservedStatus = "COMPLIANT" | "NON_COMPLIANT" | "NOT_APPLICABLE";

/**
 * A time in which every run that could read the subject observed the same status. It was so at these
 * runs; nothing is known of the time between two of them.
 */
export interface Period {
  readonly status: ObservedStatus;
  /** When the first of the runs began that observed it: ISO 8601, UTC. */
  readonly from: string;
  /** When the last of them began. */
  readonly to: string;
  /** How many runs observed it. */
  readonly runs: number;
  /** The exemption that applied at the last of them; null for none. A change of it begins a period. */
  readonly exemption: Pick<HeldExemption, "owner" | "reason" | "expires"> | null;
}

/** Runs in a row that had the subject in scope and could not read it. */
export interface UnreadablePeriod {
  readonly from: string;
  readonly to: string;
  readonly runs: number;
  /** Why: the reason code of the first of them. */
  readonly code: string;
}

/**
 * Why there is no observation on a day.
 *
 * - `NO_RUN`: no run was kept.
 * - `UNREADABLE`: the runs of the day could not read the subject.
 * - `OUT_OF_SCOPE`: the runs of the day did not ask about the subject.
 * - `EVIDENCE_UNUSABLE`: what was kept of the day was changed, removed, or cannot be read.
 */
export type GapReason = "NO_RUN" | "UNREADABLE" | "OUT_OF_SCOPE" | "EVIDENCE_UNUSABLE";

/** Days in a row without an observation, for one reason. */
export interface Gap {
  readonly from: UtcDay;
  readonly to: UtcDay;
  readonly reason: GapReason;
}

/** Days in UTC, each of which counts where at least one run observed the subject. */
export interface DayCounts {
  /** The days that could have been covered: those on which a resource is known not to exist are none. */
  readonly total: number;
  readonly covered: number;
  /** The days on which every observation was COMPLIANT. */
  readonly compliant: number;
}

/** What the kept runs say of one subject: a region, or a resource in it, under one rule. */
export interface SubjectHistory {
  readonly ruleId: string;
  readonly accountId: string;
  readonly regionId: string;
  readonly resource: Resource | null;
  /**
   * What the last run that asked about it says: a status that an exemption covers is IGNORED, and
   * INSUFFICIENT_DATA is what could not be read. Null for a resource that is not there any more.
   */
  readonly status: Status | null;
  /** The first run since which that has been so, said by every run that could read it: ISO 8601, UTC. */
  readonly since: string;
  /** What the last run observed that could read the subject; null where none could. */
  readonly lastKnown: ObservedStatus | null;
  readonly firstObserved: string | null;
  readonly lastObserved: string | null;
  readonly firstCompliant: string | null;
  readonly lastCompliant: string | null;
  readonly days: DayCounts;
  readonly gaps: readonly Gap[];
  readonly periods: readonly Period[];
  readonly unreadable: readonly UnreadablePeriod[];
}

/** The worst that is known of a day: INSUFFICIENT_DATA where something in scope was not observed. */
export type DayStatus = Status | "NO_RUN";

/** Days in a row with the same status. */
export interface DaySpan {
  readonly from: UtcDay;
  readonly to: UtcDay;
  readonly status: DayStatus;
}

/** What the kept runs say of an account under one control, or one rule without controls. */
export interface AccountHistory {
  readonly accountId: string;
  readonly accountName: string | null;
  readonly subjects: number;
  /** Days on which every subject was observed, and days on which each was COMPLIANT or NOT_APPLICABLE. */
  readonly days: DayCounts;
  readonly calendar: readonly DaySpan[];
}

/** A control, or a rule without controls, and what the kept runs say of it. */
export interface ControlHistory {
  /** Null for a rule without controls. */
  readonly control: Control | null;
  readonly ruleId: string;
  readonly accounts: readonly AccountHistory[];
}

/**
 * Why a kept run is not used.
 *
 * - `MANIFEST_INVALID`: the manifest is none, or is not about the report of its name.
 * - `REPORT_MISSING`: there is no such report.
 * - `REPORT_CHANGED`: its SHA-256 is not that of the manifest, or it is of another run.
 * - `REPORT_UNREADABLE`: it is whole, and this version cannot read it.
 */
export type UnusableCode =
  | "MANIFEST_INVALID"
  | "REPORT_MISSING"
  | "REPORT_CHANGED"
  | "REPORT_UNREADABLE";

/** A kept run that is not used. */
export interface UnusableRun {
  /** The name of its manifest, below the evidence's address. */
  readonly name: string;
  readonly day: UtcDay;
  readonly code: UnusableCode;
  /** One sentence. */
  readonly message: string;
}

/** The runs that a history is made of. */
export interface HistoryRuns {
  readonly used: number;
  readonly first: string | null;
  readonly last: string | null;
  readonly unusable: readonly UnusableRun[];
}

/** What ActionTrail says of who changed flow logs, or why it could not be asked. */
export interface TrailHistory {
  /** The account of the credentials, which alone was asked; null where it is not known. */
  readonly accountId: string | null;
  /** The time that was asked about: ISO 8601, UTC. Null where nothing was asked. */
  readonly from: string | null;
  readonly to: string | null;
  /** Whether ActionTrail keeps no events any more of the beginning of the history. */
  readonly isCut: boolean;
  /** The oldest first. */
  readonly events: readonly TrailEvent[];
  /** The regions whose events could not be read, or not all of them. */
  readonly failures: readonly TrailFailure[];
  /** The accounts of the history that were not asked. */
  readonly otherAccounts: readonly string[];
  /** Why nothing was asked, as a sentence; null where something was. */
  readonly problem: string | null;
}

/** The days that a history is about, both included. */
export interface HistoryWindow {
  /** Null: from the first kept run on. */
  readonly from: UtcDay | null;
  readonly to: UtcDay;
  /** Whether the last day is not over, so that it is no gap as long as no run of it is kept. */
  readonly isOpen: boolean;
}

/** What the kept evidence says over time. */
export interface History {
  readonly window: HistoryWindow;
  readonly runs: HistoryRuns;
  /** In the order of rules; a rule that is about several controls is in each of them. */
  readonly controls: readonly ControlHistory[];
  /** In the order of rules, accounts, regions and resources. */
  readonly subjects: readonly SubjectHistory[];
  /** The names of accounts by id, as the last run called them. */
  readonly accountNames: ReadonlyMap<string, string>;
  /** Null where ActionTrail was not to be asked. */
  readonly trail: TrailHistory | null;
}
