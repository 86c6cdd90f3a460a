import { type Finding, observedOf } from "../audit/finding.ts";
import { type Report, UNKNOWN_ACCOUNT } from "../audit/report.ts";
import { keyOf, type Subject, subjectOf } from "../audit/subject.ts";
import type { ChangeEvent } from "./alert.ts";

/** What is remembered from one run to the next. Contains no address and no secret. */
export interface State {
  /** Leases up to this number are void: it grows when a run takes over the lock of a dead one. */
  readonly generation: number;
  readonly entries: readonly Entry[];
  /** By the receiver's name. */
  readonly receivers: Readonly<Record<string, ReceiverState>>;
  /** By the account's id. */
  readonly accounts: Readonly<Record<string, AccountState>>;
  /** The head of the chain of kept reports; left out where none was kept. */
  readonly evidence?: EvidenceHead;
}

/** The head of the chain of kept reports. Alerts take no notice of it. */
export interface EvidenceHead {
  /** Where the chain is: evidence that is kept elsewhere begins another one. */
  readonly address: string;
  /** SHA-256 of the last manifest, in hex. */
  readonly sha256: string;
  /**
   * The last manifest, as long as it is not certain that it was stored: the run may have been killed.
   * The next run stores it again.
   */
  readonly unconfirmed?: { readonly name: string; readonly text: string };
}

/**
 * What is remembered of one subject: a rule in one region of one account, or a resource there. There
 * is an entry only where something is wrong, or a receiver has yet to confirm that it is over.
 */
export interface Entry extends Subject {
  /** When the run began that last observed it. All times are milliseconds since the epoch. */
  readonly seenAtMs: number;
  /** Not compliant; ends only when the subject was read as compliant. */
  readonly open: { readonly sinceMs: number; readonly code: string } | null;
  /** Not readable; ends when the subject was read. */
  readonly unreadable: {
    readonly sinceMs: number;
    readonly code: string;
    /** Runs in a row; a run that is repeated counts once. */
    readonly runs: number;
    readonly lastRunId: string;
  } | null;
  /** What each receiver knows, or may know, by its name. Entries may share the object. */
  readonly notified: Readonly<Record<string, ReceiverRecord>>;
}

/** What a receiver knows, or may know, about the two conditions of an entry. */
export interface ReceiverRecord {
  readonly open: ConditionRecord;
  readonly unreadable: ConditionRecord;
}

/** What a receiver knows, or may know, about one condition. */
export interface ConditionRecord {
  /** The last change that it confirmed; null where there is none, or that one was the end. */
  readonly confirmed: ConfirmedChange | null;
  /**
   * The last change that was sent after that and may have arrived: the run was killed, no answer
   * came, or the outcome could not be written. Null where no outcome is unknown.
   */
  readonly unconfirmed: UnconfirmedChange | null;
}

/** A change that a receiver has confirmed. */
export interface ConfirmedChange {
  /** When the condition began that the receiver was notified of. */
  readonly sinceMs: number;
  /** Why the subject is not compliant; null for one that could not be read. */
  readonly code: string | null;
  readonly atMs: number;
  /**
   * The last day of the exemption that it was notified of; null for none. Left out where that was
   * not recorded, in a document of version 1, until a run observes the region again.
   */
  readonly exemptUntil?: string | null;
}

/** A change whose delivery has an unknown outcome. */
export interface UnconfirmedChange {
  readonly event: ChangeEvent;
  readonly sinceMs: number;
  readonly atMs: number;
  /** The last day of the exemption that it announced; null for none. */
  readonly exemptUntil: string | null;
}

export interface ReceiverState {
  /** When it got its last summary, or was first configured. */
  readonly summaryAtMs: number;
}

export interface AccountState {
  /**
   * When the last run of the whole scope began. A run that began earlier and ends later creates no
   * entry.
   */
  readonly seenAtMs: number;
  /**
   * The account whose identity ran it, see {@link sourceOf}. Left out where that is not known, as in a
   * document of version 3.
   */
  readonly source?: string;
}

/**
 * Milliseconds by which another host's clock may be ahead. Timestamps that are further ahead are
 * clamped, so that they suppress no alert.
 */
export const MAX_CLOCK_AHEAD_MS = 3_600_000;

export const EMPTY_STATE: State = { generation: 0, entries: [], receivers: {}, accounts: {} };
export const NEVER_NOTIFIED: ConditionRecord = { confirmed: null, unconfirmed: null };
export const NO_RECORD: ReceiverRecord = { open: NEVER_NOTIFIED, unreadable: NEVER_NOTIFIED };

/** Of an entry that no receiver was notified of: one object, see {@link Entry.notified}. */
const NOBODY_NOTIFIED: Entry["notified"] = {};

/** The run whose observations are recorded. */
export interface ObservingRun {
  readonly runId: string;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  /** Whether it covers all that is configured, and nothing narrowed its scope. @default false */
  readonly wholeScope?: boolean;
}

/** The account of the identity that ran an audit; null where STS did not identify it. */
export function sourceOf({ caller, accountAssumed }: Report): string | null {
  return accountAssumed === true ? null : (caller?.accountId ?? null);
}

/** The account that a state belongs to; null unless it is exactly one that is known. */
export function accountOf(state: State): string | null {
  const known = new Set(accountIdsOf(state));
  known.delete(UNKNOWN_ACCOUNT);
  const [only = null] = known;
  return known.size === 1 ? only : null;
}

/** The accounts that a state knows. One in which nothing is wrong has no entries. */
export function accountIdsOf({ entries, accounts }: State): string[] {
  return [...entries.map(({ accountId }) => accountId), ...Object.keys(accounts)];
}

/** When each subject that was not compliant when last read became so, by {@link keyOf}. */
export function openSinceOf({ entries }: State): ReadonlyMap<string, number> {
  return new Map(
    entries.flatMap((entry): [string, number][] =>
      entry.open === null ? [] : [[keyOf(entry), entry.open.sinceMs]],
    ),
  );
}

/**
 * The entry of a subject after a run has observed it. An exemption makes no difference: what was
 * observed counts.
 */
export function observe(before: Entry | undefined, finding: Finding, run: ObservingRun): Entry {
  const { status, reason } = observedOf(finding);
  const { startedAtMs: seenAtMs, finishedAtMs: nowMs, runId } = run;
  const entry = {
    ...subjectOf(finding),
    seenAtMs,
    notified: before?.notified ?? NOBODY_NOTIFIED,
    open: before?.open ?? null,
    unreadable: null,
  };
  switch (status) {
    case "COMPLIANT":
    case "NOT_APPLICABLE":
      return { ...entry, open: null };
    case "NON_COMPLIANT":
      return { ...entry, open: { sinceMs: before?.open?.sinceMs ?? nowMs, code: reason.code } };
    case "INSUFFICIENT_DATA": {
      const { sinceMs = nowMs, runs = 0, lastRunId = null } = before?.unreadable ?? {};
      return {
        ...entry,
        unreadable: {
          sinceMs,
          code: reason.code,
          runs: lastRunId === runId ? runs : runs + 1,
          lastRunId: runId,
        },
      };
    }
    case "IGNORED":
      return entry;
  }
}
