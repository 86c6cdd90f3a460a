import { type Finding, observedOf } from "../audit/finding.ts";
import { groupBy } from "../audit/group-by.ts";
import { accountNamesOf, type Report } from "../audit/report.ts";
import { idsOf, subjectOf } from "../audit/subject.ts";
import { type RunMoment, SubjectTrack } from "./subject-track.ts";
import { dayOf, type UtcDay } from "./utc-day.ts";

/** What a day says of a rule in a region of an account, as bits. */
export const CELL_BITS = { READ: 1, UNREADABLE: 2 } as const;

/** One rule in one region of one account. */
export interface Cell {
  /** {@link CELL_BITS} of each day on which a run was kept; 0 where none asked. */
  readonly marks: Uint8Array;
  /** Everything that was ever a subject there, by type and id; a region as a whole by none. */
  readonly tracks: Map<string, SubjectTrack>;
  /** What was there when the region was last read. */
  present: ReadonlyMap<string, SubjectTrack>;
}

/**
 * Takes the reports of runs in the order of time, and keeps what they say of each subject. Of a report
 * nothing else is kept, so that thousands of large ones fit into memory one after another.
 */
export class Ledger {
  /** The days on which a run was kept, usable or not, in order. */
  readonly days: readonly UtcDay[];
  readonly #slotOf: ReadonlyMap<UtcDay, number>;
  readonly #cells = new Map<string, Cell>();
  readonly #usedSlots: Set<number> = new Set();
  readonly #names = new Map<string, string>();
  #runs = 0;
  #first: string | null = null;
  #last: string | null = null;

  /** @param days - of all runs that were kept, in any order */
  constructor(days: Iterable<UtcDay>) {
    this.days = [...new Set(days)].toSorted((a, b) => a - b);
    this.#slotOf = new Map(this.days.map((day, slot) => [day, slot]));
  }

  get cells(): Iterable<Cell> {
    return this.#cells.values();
  }

  get runs(): {
    readonly used: number;
    readonly first: string | null;
    readonly last: string | null;
  } {
    return { used: this.#runs, first: this.#first, last: this.#last };
  }

  /** The names of accounts by id, as the last run called them. */
  get accountNames(): ReadonlyMap<string, string> {
    return this.#names;
  }

  /** Whether a report of that day was taken in. */
  isUsed(slot: number): boolean {
    return this.#usedSlots.has(slot);
  }

  /** Takes in the report of a run, which began no earlier than those before it. */
  add(report: Report): void {
    const { startedAt, findings } = report;
    const slot = this.#slotOf.get(dayOf(Date.parse(startedAt)));
    if (slot === undefined) throw new Error("a run is of one of the days that were named");
    this.#runs += 1;
    this.#first ??= startedAt;
    this.#last = startedAt;
    this.#usedSlots.add(slot);
    for (const [id, name] of accountNamesOf(report)) this.#names.set(id, name);
    const run: RunMoment = { startedAt, slot };
    for (const [key, group] of groupBy(findings, cellKeyOf)) {
      this.#addTo(this.#cellOf(key), group, run);
    }
  }

  #cellOf(key: string): Cell {
    const known = this.#cells.get(key);
    if (known !== undefined) return known;
    const marks = new Uint8Array(this.days.length);
    const cell: Cell = { marks, tracks: new Map(), present: new Map() };
    this.#cells.set(key, cell);
    return cell;
  }

  #addTo(cell: Cell, findings: readonly Finding[], run: RunMoment): void {
    const unreadable = findings.find(isOnUnreadableRegion);
    const bit = unreadable === undefined ? CELL_BITS.READ : CELL_BITS.UNREADABLE;
    cell.marks[run.slot] = (cell.marks[run.slot] ?? 0) | bit;
    if (unreadable !== undefined && cell.present.size > 0) {
      for (const track of cell.present.values()) track.miss(unreadable, run);
      return;
    }
    const present = new Map<string, SubjectTrack>();
    for (const finding of findings) {
      const key = idsOf(finding).slice(3).join("\n");
      const track = cell.tracks.get(key) ?? new SubjectTrack(subjectOf(finding), this.days.length);
      cell.tracks.set(key, track);
      present.set(key, track);
      track.add(finding, run);
    }
    for (const [key, track] of cell.present) if (!present.has(key)) track.leave(run);
    cell.present = present;
  }
}

function cellKeyOf({ ruleId, accountId, regionId }: Finding): string {
  return `${ruleId}\n${accountId}\n${regionId}`;
}

/** A rule that could not be answered in a region has one finding there, whatever it is about. */
function isOnUnreadableRegion(finding: Finding): boolean {
  return finding.resource === undefined && observedOf(finding).status === "INSUFFICIENT_DATA";
}
