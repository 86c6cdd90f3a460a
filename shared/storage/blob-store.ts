import type { TimeBudget } from "../retry/time-budget.ts";

/**
 * A few named texts, each read and written as a whole: a reader never sees half of one.
 * Every method rejects with a `StateError` of code `"UNAVAILABLE"` and with nothing else.
 */
export interface BlobStore {
  /** The text of that name, or null where there is none. */
  read(name: string, within: TimeBudget): Promise<string | null>;
  /**
   * The text of that name and its age, or null where there is none. The age is told by the clock of
   * the place alone: it is the same to all who ask, however wrong their own clocks are.
   */
  readAged(name: string, within: TimeBudget): Promise<AgedText | null>;
  /** Puts a text in the place of whatever has that name. */
  write(name: string, text: string, within: TimeBudget): Promise<void>;
  /**
   * Writes a text unless there is one of that name. Of many that try at once, one succeeds. Where
   * an answer was lost on the way, the text may be there although this returns false.
   *
   * @returns whether it was written
   */
  create(name: string, text: string, within: TimeBudget): Promise<boolean>;
  /** Takes the text of that name away, if there is one. */
  remove(name: string, within: TimeBudget): Promise<void>;
}

/** A text, and how long it has been there. */
export interface AgedText {
  readonly text: string;
  /** Milliseconds since it was written; a second off at most. */
  readonly ageMs: number;
}
