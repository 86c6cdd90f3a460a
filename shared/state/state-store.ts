import type { State } from "../alerts/alert-state.ts";
import type { TimeBudget } from "../retry/time-budget.ts";

/** Keeps the state from one run to the next. */
export interface StateStore {
  /** The state's address, to be shown to people. */
  readonly name: string;
  /**
   * Reads the state to show it, without a lock, and changes nothing.
   *
   * @throws `StateError` with code `"UNAVAILABLE"`
   */
  read(): Promise<{ readonly state: State; readonly warnings: readonly string[] }>;
  /**
   * Locks the state for one run, and waits while another run has it locked.
   *
   * @throws `StateError` with code `"BUSY"` when the other run does not release it in time, and
   * `"UNAVAILABLE"` when the state cannot be read or written
   */
  acquire(options: AcquireOptions): Promise<StateLock>;
}

export interface AcquireOptions {
  /** The time for acquiring the lock, and for all that is done with it. */
  readonly within: TimeBudget;
  /** Milliseconds of it that must be left once the lock is acquired. */
  readonly reserveMs: number;
}

/** The state, locked by one run until it releases the lock or the lock expires. */
export interface StateLock {
  readonly state: State;
  /** Sentences for the log: problems that were found, and what was done about them. */
  readonly warnings: readonly string[];
  /**
   * Replaces the state; the store sets its generation. Concurrent calls run one after another; a state
   * that still waits when a newer one comes is left out, and both calls end with the newer one's.
   *
   * @param within - a part of the lock's time, where something else has to follow
   * @throws `StateError` with code `"UNAVAILABLE"` when it cannot be written, or the lock has
   * expired, so that another run may have locked the state
   */
  save(state: State, within?: TimeBudget): Promise<void>;
  /** Releases the lock. Never rejects: a lock that is left behind expires. */
  release(): Promise<void>;
}
