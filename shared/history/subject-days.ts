import type { DayCounts, DayStatus, Gap, GapReason, HistoryWindow } from "./history.ts";
import { type Cell, CELL_BITS, type Ledger } from "./ledger.ts";
import { DAY_BITS, type SubjectTrack } from "./subject-track.ts";
import { dayOf, type UtcDay } from "./utc-day.ts";

/** What is known of a subject day by day. */
export interface SubjectDays {
  readonly range: DayRange;
  readonly counts: DayCounts;
  readonly gaps: readonly Gap[];
  /** By the place of a day among those with a run: its status; null where it does not count. */
  readonly statuses: readonly (DayStatus | null)[];
}

/** The days that count for a subject, both included; none where the first is after the last. */
export interface DayRange {
  readonly from: UtcDay;
  readonly to: UtcDay;
}

const { COMPLIANT, NON_COMPLIANT, NOT_APPLICABLE, UNREADABLE, EXEMPT } = DAY_BITS;
const OBSERVED = COMPLIANT | NON_COMPLIANT | NOT_APPLICABLE | EXEMPT;

/**
 * Counts the days on which a subject was observed, and lists those on which it was not, with the reason.
 *
 * @param isUnusable - whether something was kept on the day of that place and is not used
 */
export function subjectDays(
  track: SubjectTrack,
  cell: Cell,
  { days, isUsed }: Pick<Ledger, "days" | "isUsed">,
  window: HistoryWindow,
  isUnusable: (slot: number) => boolean,
): SubjectDays {
  const range = rangeOf(track, cell, days, window);
  const gaps: Gap[] = [];
  let next = range.from;
  let absent = 0;
  let covered = 0;
  let compliant = 0;
  const statuses = days.map((day, slot): DayStatus | null => {
    if (day < range.from || day > range.to) return null;
    if (day > next) addGap(gaps, next, day - 1, "NO_RUN");
    next = day + 1;
    const mark = track.marks[slot] ?? 0;
    if ((mark & OBSERVED) !== 0) {
      covered += 1;
      compliant += Number((mark & OBSERVED) === COMPLIANT);
      return statusOf(mark);
    }
    const wasRead = ((cell.marks[slot] ?? 0) & CELL_BITS.READ) !== 0;
    if (wasRead && (mark & UNREADABLE) === 0) {
      absent += 1;
      return null;
    }
    const isUnreadable = (mark & UNREADABLE) !== 0 || cell.marks[slot] === CELL_BITS.UNREADABLE;
    const rest = isUnusable(slot) || !isUsed(slot) ? "EVIDENCE_UNUSABLE" : "OUT_OF_SCOPE";
    addGap(gaps, day, day, isUnreadable ? "UNREADABLE" : rest);
    return "INSUFFICIENT_DATA";
  });
  if (next <= range.to) addGap(gaps, next, range.to, "NO_RUN");
  const total = Math.max(0, range.to - range.from + 1) - absent;
  return { range, counts: { total, covered, compliant }, gaps, statuses };
}

/**
 * A region counts from the beginning of the window, or from when it was first asked about; a resource no
 * earlier than after the last day on which its region was read and it was not there yet, and until it is
 * gone. A day that is not over counts once a run of it is kept, for all subjects: else the day of an
 * account would be complete without those that could not be read.
 */
function rangeOf(
  track: SubjectTrack,
  cell: Cell,
  days: readonly UtcDay[],
  { from, to, isOpen }: HistoryWindow,
): DayRange {
  const { marks, goneSince } = track;
  const dayAt = (slot: number): UtcDay => days[slot] ?? to;
  const first = marks.findIndex((mark) => mark !== 0);
  const last = marks.findLastIndex((mark) => mark !== 0);
  const before = cell.marks
    .subarray(0, first)
    .findLastIndex((mark) => (mark & CELL_BITS.READ) !== 0);
  const begin = before === -1 ? (from ?? dayAt(first)) : dayAt(before) + 1;
  if (goneSince !== null) {
    const goneDay = dayOf(Date.parse(goneSince));
    return { from: begin, to: Math.max(dayAt(last), goneDay - 1) };
  }
  return { from: begin, to: isOpen && days.at(-1) !== to ? to - 1 : to };
}

/** The worst of a day on which there was an observation. */
function statusOf(mark: number): DayStatus {
  if ((mark & NON_COMPLIANT) !== 0) return "NON_COMPLIANT";
  if ((mark & EXEMPT) !== 0) return "IGNORED";
  return (mark & COMPLIANT) === 0 ? "NOT_APPLICABLE" : "COMPLIANT";
}

function addGap(gaps: Gap[], from: UtcDay, to: UtcDay, reason: GapReason): void {
  const last = gaps.at(-1);
  if (last?.reason === reason && last.to === from - 1) gaps[gaps.length - 1] = { ...last, to };
  else gaps.push({ from, to, reason });
}
