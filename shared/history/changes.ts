import type { TrailEvent } from "../audit/trail.ts";
import type { History, Period, SubjectHistory } from "./history.ts";

/** What two runs observed differently. */
export interface Change {
  readonly subject: SubjectHistory;
  /** Its end is the last run that observed it. */
  readonly before: Period;
  /** Its beginning is the first run that observed it. */
  readonly after: Period;
  /** What ActionTrail recorded between the two runs that may have been the change, the oldest first. */
  readonly events: readonly TrailEvent[];
}

/** Milliseconds: a run reads a region some time after it began. */
const RUN_MS = 15 * 60_000;

/**
 * Lists all changes, the oldest first. Where the history has events of ActionTrail, each change has those of
 * its account and region, and of no other resource, that were recorded between its two runs and did not
 * fail.
 */
export function changesOf({ subjects, trail }: History): readonly Change[] {
  const events = trail?.events.filter(({ errorCode }) => errorCode === null) ?? [];
  return subjects
    .flatMap((subject) =>
      subject.periods.slice(1).flatMap((after, index): Change[] => {
        const before = subject.periods[index];
        if (before === undefined) return [];
        const own = subject.accountId === trail?.accountId ? events : [];
        const between = own.filter((event) => mayBe(event, subject, before, after));
        return [{ subject, before, after, events: between }];
      }),
    )
    .toSorted((a, b) => Date.parse(a.after.from) - Date.parse(b.after.from));
}

function mayBe(
  { at, regionId, resourceId, name }: TrailEvent,
  subject: SubjectHistory,
  before: Period,
  after: Period,
): boolean {
  if (before.status === after.status || regionId !== subject.regionId) return false;
  const isAboutService = name === "OpenFlowLogService";
  if (isAboutService !== (subject.resource === null)) return false;
  const isOfOther = resourceId?.startsWith("vpc-") === true && resourceId !== subject.resource?.id;
  const atMs = Date.parse(at);
  return (
    (isAboutService || !isOfOther) &&
    atMs >= Date.parse(before.to) &&
    atMs <= Date.parse(after.from) + RUN_MS
  );
}
