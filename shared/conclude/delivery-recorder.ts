import type { Change } from "../alerts/alert.ts";
import type { StateError } from "../audit/run-error.ts";
import type { TimeBudget } from "../retry/time-budget.ts";

/** Records what is sent to receivers, and the outcome. */
export interface DeliveryRecorder {
  /** Whether the next run will know of it. */
  readonly remembers: boolean;
  /** Why the state is not written as it is now; null where it is, or there is none. */
  readonly problem: StateError | null;
  /** What is going to be sent, by the receiver's name. */
  intended(changes: ReadonlyMap<string, readonly Change[]>, within: TimeBudget): Promise<void>;
  /** What a receiver has confirmed. */
  delivered(receiver: string, changes: readonly Change[]): Promise<void>;
  /** What certainly did not arrive. */
  failed(receiver: string, changes: readonly Change[]): void;
  /** That a receiver has confirmed a summary. */
  summarized(receiver: string): Promise<void>;
  /** That nothing more will be sent. */
  finished(): Promise<void>;
}

/**
 * A recorder that records nothing.
 *
 * @param problem - why the state cannot be used; null where there is none
 */
export function recordNothing(problem: StateError | null): DeliveryRecorder {
  return {
    remembers: false,
    problem,
    async intended() {},
    async delivered() {},
    failed() {},
    async summarized() {},
    async finished() {},
  };
}
