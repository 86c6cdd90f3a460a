import { StateError } from "../audit/run-error.ts";
import { DELIVERY_TIMEOUT_MS } from "../notify/deliver.ts";
import { startTimeBudget, type TimeBudget } from "../retry/time-budget.ts";
import type { StateLock, StateStore } from "../state/state-store.ts";
import { POST_DELIVERY_RESERVE_MS } from "./deliver-plan.ts";
import { INTENT_TIMEOUT_MS } from "./write-intent.ts";

/** How long to wait for another run where nothing else limits it: a little longer than a run can last. */
const LOCK_WAIT_MS = 70_000;
/** The share of the remaining time that is kept for what needs the lock, where that needs more. */
const LOCKED_SHARE = 0.5;

/** Milliseconds that a delivery needs with the state locked. */
export const DELIVERY_NEEDS_MS = INTENT_TIMEOUT_MS + DELIVERY_TIMEOUT_MS + POST_DELIVERY_RESERVE_MS;

/** The state locked by this run, or why it is not. */
export interface LockedState {
  /** Null where there is no state, or it cannot be read or written. */
  readonly lock: StateLock | null;
  /** Why the state cannot be read or written; null where it can, or there is none. */
  readonly problem: StateError | null;
  release(): Promise<void>;
}

/**
 * Locks the state, and leaves enough time for what follows: a state that does not answer costs no alert.
 *
 * @param store - null where no state is configured
 * @param runTime - the remaining time of the run, where it is limited
 * @param neededMs - milliseconds that are needed with the state locked
 * @throws {@link StateError} with code `"BUSY"` when another run does not release it in time
 */
export async function lockState(
  store: StateStore | null,
  runTime: TimeBudget | undefined,
  neededMs: number,
): Promise<LockedState> {
  if (store === null) return { lock: null, problem: null, async release() {} };
  const leftMs = runTime?.remainingMs() ?? Infinity;
  const reserveMs = Math.min(neededMs, leftMs * LOCKED_SHARE);
  const within = startTimeBudget(LOCK_WAIT_MS + reserveMs, "DEADLINE_EXCEEDED", runTime);
  try {
    const lock = await store.acquire({ within, reserveMs });
    return {
      lock,
      problem: null,
      async release() {
        await lock.release();
        within.release();
      },
    };
  } catch (error) {
    within.release();
    if (!(error instanceof StateError) || error.code !== "UNAVAILABLE") throw error;
    return { lock: null, problem: error, async release() {} };
  }
}
