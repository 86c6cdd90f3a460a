import { STATUSES_WORST_FIRST } from "../report/status-order.ts";
import type { AccountHistory, DaySpan, DayStatus } from "./history.ts";
import type { SubjectDays } from "./subject-days.ts";
import type { UtcDay } from "./utc-day.ts";

/**
 * Puts the days of all subjects of one rule in one account together. The status of a day is the worst of
 * its subjects'.
 *
 * @param days - those on which a run was kept, in order
 */
export function accountHistory(
  accountId: string,
  accountName: string | null,
  subjects: readonly SubjectDays[],
  days: readonly UtcDay[],
): AccountHistory {
  const statuses = days.map((_, slot) => {
    const ofDay = new Set(subjects.map((subject) => subject.statuses[slot] ?? null));
    return STATUSES_WORST_FIRST.find((status) => ofDay.has(status)) ?? null;
  });
  const incomplete = days.filter((_, slot) =>
    subjects.some(({ statuses: own }) => own[slot] === "INSUFFICIENT_DATA"),
  ).length;
  const from = subjects.reduce((day, { range }) => Math.min(day, range.from), Infinity);
  const to = subjects.reduce((day, { range }) => Math.max(day, range.to), -Infinity);
  const calendar = spansOf(
    from,
    to,
    new Map(days.map((day, slot) => [day, statuses[slot] ?? null])),
  );
  const count = (...wanted: DayStatus[]): number =>
    statuses.filter((status) => status !== null && wanted.includes(status)).length;
  return {
    accountId,
    accountName,
    subjects: subjects.length,
    days: {
      total: Math.max(0, to - from + 1),
      covered: statuses.filter((status) => status !== null).length - incomplete,
      compliant: count("COMPLIANT", "NOT_APPLICABLE"),
    },
    calendar,
  };
}

/**
 * The days from one to another, those of the same status in a row as one.
 *
 * @param statusOf - by the days on which a run was kept; null where nothing was there to be observed
 */
function spansOf(
  from: UtcDay,
  to: UtcDay,
  statusOf: ReadonlyMap<UtcDay, DayStatus | null>,
): DaySpan[] {
  const spans: { from: UtcDay; to: UtcDay; status: DayStatus }[] = [];
  for (let day = from; day <= to; day += 1) {
    const known = statusOf.get(day);
    const status = known === undefined ? "NO_RUN" : (known ?? "NOT_APPLICABLE");
    const last = spans.at(-1);
    if (last?.status === status) last.to = day;
    else spans.push({ from: day, to: day, status });
  }
  return spans;
}
