import type { TimeBudget } from "../retry/time-budget.ts";

/**
 * A store of named texts that are read and written atomically: a reader never sees a partial text.
 * Every method rejects with a `StateError` of code `"UNAVAILABLE"`, and with no other error.
 */
export interface BlobStore {
  /** The text of that name, or null if there is none. */
  read(name: string, within: TimeBudget): Promise<string | null>;
  /**
   * The text of that name and its age, or null if there is none. The age is measured by the store's
   * clock only, so it does not depend on the clock of the reader.
   */
  readAged(name: string, within: TimeBudget): Promise<AgedText | null>;
  /** Creates or replaces the text of that name. */
  write(name: string, text: string, within: TimeBudget): Promise<void>;
  /**
   * Writes a text unless there is one of that name. Of concurrent callers, one succeeds at most. If an
   * answer is lost and the call repeated, the text can have been written although this returns false.
   *
   * @returns whether it was written
   */
  create(name: string, text: string, within: TimeBudget): Promise<boolean>;
  /** Removes the text of that name, if there is one. */
  remove(name: string, within: TimeBudget): Promise<void>;
}

/** A text and its age. */
export interface AgedText {
  readonly text: string;
  /** Milliseconds since it was written, with an error of at most one second. */
  readonly ageMs: number;
}
