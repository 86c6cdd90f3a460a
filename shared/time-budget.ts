import { setMaxListeners } from "node:events";

/** How a budget's time ended, as the code of a finding. */
export type TimeBudgetCode = "TIMEOUT" | "DEADLINE_EXCEEDED";

/** An amount of time that several steps share, and the signal that it is used up. */
export interface TimeBudget {
  /** Aborted with the budget's code as its reason when the time is up. */
  readonly signal: AbortSignal;
  /** Milliseconds left, never below 0. */
  remainingMs(): number;
  /** Ends the budget now. */
  cancel(): void;
  /** Lets go of the timer. To be called when the work is done. */
  release(): void;
}

/**
 * Starts a budget. A budget within another is never longer than that one, and ends with it and
 * for its reason.
 *
 * @param budgetMs - milliseconds from now
 * @param code - the reason its signal is aborted with
 * @param within - the budget that this one is a part of
 */
export function startTimeBudget(
  budgetMs: number,
  code: TimeBudgetCode,
  within?: TimeBudget,
): TimeBudget {
  const controller = new AbortController();
  // Every region of a run listens to the run's deadline: that is no leak.
  setMaxListeners(0, controller.signal);
  const endsAt = performance.now() + budgetMs;
  const timer = setTimeout(() => controller.abort(code), budgetMs);
  const follow = (): void => controller.abort(within?.signal.reason);
  if (within?.signal.aborted) follow();
  within?.signal.addEventListener("abort", follow, { once: true });
  return {
    signal: controller.signal,
    remainingMs: () =>
      Math.max(0, Math.min(endsAt - performance.now(), within?.remainingMs() ?? Infinity)),
    cancel: () => controller.abort(code),
    release: () => {
      clearTimeout(timer);
      within?.signal.removeEventListener("abort", follow);
    },
  };
}
