import type { State } from "../alerts/alert-state.ts";
import type { TimeBudget } from "../retry/time-budget.ts";

/** Where a run finds what earlier ones told, and leaves what it told itself. */
export interface StateStore {
  /** The state's address, to be shown to people. */
  readonly name: string;
  /**
   * Reads the state to show it. Takes nothing, sets nothing aside.
   *
   * @throws `StateError` with code `"UNAVAILABLE"`
   */
  read(): Promise<{ readonly state: State; readonly warnings: readonly string[] }>;
  /**
   * Takes the state for one run, and waits while another run has it.
   *
   * @throws `StateError` with code `"BUSY"` when the other run does not let go in time, and
   * `"UNAVAILABLE"` when the state cannot be read, or not be written
   */
  acquire(options: AcquireOptions): Promise<StateLock>;
}

export interface AcquireOptions {
  /** What the taking, and all that is done with the hold, has time for. */
  readonly within: TimeBudget;
  /** Milliseconds of it that must be left once the state is taken. */
  readonly reserveMs: number;
}

/** The state in the hands of one run. No other run has it until it is released or expires. */
export interface StateLock {
  readonly state: State;
  /** Sentences for the log: what was found wrong, and what was done about it. */
  readonly warnings: readonly string[];
  /**
   * Puts a state in the place of the one there is; its generation is the store's to set. Of
   * several at once, each waits for the one before.
   *
   * @param within - less than what the hold has time for, where something else has to follow
   * @throws `StateError` with code `"UNAVAILABLE"` when it cannot be written, or the hold has
   * expired, so that another run may have the state
   */
  save(state: State, within?: TimeBudget): Promise<void>;
  /** Lets the next run take the state. Never rejects: a hold that is left ends by itself. */
  release(): Promise<void>;
}
