import { type Finding, observedOf, type Status } from "../audit/finding.ts";
import { type Subject, subjectOf } from "../audit/subject.ts";
import type { ObservedStatus, Period, UnreadablePeriod } from "./history.ts";

/** A run that observed something. */
export interface RunMoment {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** The place of its day among the days on which a run was kept. */
  readonly slot: number;
}

/** What is known of a day, as bits: a subject may have been observed several times. */
export const DAY_BITS = {
  COMPLIANT: 1,
  NON_COMPLIANT: 2,
  NOT_APPLICABLE: 4,
  UNREADABLE: 8,
  /** It was not compliant, and an exemption covered that. */
  EXEMPT: 16,
} as const;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** All that the runs observed of one subject, in the order of time. Takes a byte a day, and a period a change. */
export class SubjectTrack {
  /** As the last run described it. */
  subject: Subject;
  /** {@link DAY_BITS} of each day on which a run was kept. */
  readonly marks: Uint8Array;
  readonly #periods: Mutable<Period>[] = [];
  readonly #unreadable: Mutable<UnreadablePeriod>[] = [];
  #reported: Status | null = null;
  #reportedSince = "";
  #isUnreadable = false;
  #isExempt = false;
  #goneSince: string | null = null;
  /** Whether it was gone since the last observation, which ends the period. */
  #wasGone = false;
  #firstCompliant: string | null = null;
  #lastCompliant: string | null = null;

  /** @param days - how many days have a run */
  constructor(subject: Subject, days: number) {
    this.subject = subject;
    this.marks = new Uint8Array(days);
  }

  get periods(): readonly Period[] {
    return this.#periods;
  }

  get unreadable(): readonly UnreadablePeriod[] {
    return this.#unreadable;
  }

  /** The first run that saw that the resource is not there any more; null where it is. */
  get goneSince(): string | null {
    return this.#goneSince;
  }

  get firstCompliant(): string | null {
    return this.#firstCompliant;
  }

  get lastCompliant(): string | null {
    return this.#lastCompliant;
  }

  /** What the last run says that asked, and since when each run has said so. */
  get current(): { readonly status: Status | null; readonly since: string } {
    if (this.#goneSince !== null) return { status: null, since: this.#goneSince };
    if (!this.#isUnreadable) return { status: this.#reported, since: this.#reportedSince };
    const since = this.#unreadable.at(-1)?.from ?? "";
    return { status: this.#isExempt ? "IGNORED" : "INSUFFICIENT_DATA", since };
  }

  /** A run's finding on the subject. */
  add(finding: Finding, run: RunMoment): void {
    if (finding.resource?.name !== this.subject.resource?.name) this.subject = subjectOf(finding);
    this.#goneSince = null;
    const { status } = observedOf(finding);
    if (status === "INSUFFICIENT_DATA" || status === "IGNORED") this.miss(finding, run);
    else this.#observe(finding, status, run);
  }

  /** A run that could not read the subject, or the region that it is in. */
  miss(finding: Finding, { startedAt, slot }: RunMoment): void {
    this.marks[slot] = (this.marks[slot] ?? 0) | DAY_BITS.UNREADABLE;
    this.#isExempt = finding.exemption !== undefined;
    const last = this.#unreadable.at(-1);
    if (this.#isUnreadable && last !== undefined) {
      last.to = startedAt;
      last.runs += 1;
      return;
    }
    this.#isUnreadable = true;
    const { code } = observedOf(finding).reason;
    this.#unreadable.push({ from: startedAt, to: startedAt, runs: 1, code });
  }

  /** A run that read the region, and found that the resource is not there. */
  leave({ startedAt }: RunMoment): void {
    this.#goneSince = startedAt;
    this.#wasGone = true;
    this.#isUnreadable = false;
  }

  #observe(
    { status: reported, exemption }: Finding,
    status: ObservedStatus,
    { startedAt, slot }: RunMoment,
  ): void {
    const isExempt = exemption !== undefined;
    this.#isUnreadable = false;
    const isCovered = isExempt && status === "NON_COMPLIANT";
    this.marks[slot] = (this.marks[slot] ?? 0) | DAY_BITS[isCovered ? "EXEMPT" : status];
    if (this.#wasGone || reported !== this.#reported) this.#reportedSince = startedAt;
    this.#reported = reported;
    if (status === "COMPLIANT") {
      this.#firstCompliant ??= startedAt;
      this.#lastCompliant = startedAt;
    }
    const last = this.#periods.at(-1);
    if (!this.#wasGone && last?.status === status && isSame(last.exemption, exemption)) {
      last.to = startedAt;
      last.runs += 1;
    } else {
      const held = isExempt ? termsOf(exemption) : null;
      this.#periods.push({ status, from: startedAt, to: startedAt, runs: 1, exemption: held });
    }
    this.#wasGone = false;
  }
}

type Terms = NonNullable<Period["exemption"]>;

function termsOf({ owner, reason, expires }: Terms): Terms {
  return { owner, reason, expires };
}

function isSame(a: Terms | null, b: Terms | undefined): boolean {
  if (a === null || b === undefined) return a === null && b === undefined;
  return a.owner === b.owner && a.reason === b.reason && a.expires === b.expires;
}
