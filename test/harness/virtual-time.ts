import type { TimeBudget } from "../../shared/retry/time-budget.ts";

/** Time that passes only when a test advances it, or in a wait. */
export interface VirtualTime {
  readonly clock: () => Date;
  readonly advance: (ms: number) => void;
  /** A wait without real time. */
  readonly sleep: (ms: number) => Promise<void>;
  /** A budget of this time, which is never aborted. */
  readonly budget: (ms: number) => TimeBudget;
}

/** Starts at 2026-11-22T08:00:00Z. */
export function virtualTime(): VirtualTime {
  let nowMs = Date.UTC(2026, 10, 22, 8);
  const advance = (ms: number): void => {
    nowMs += ms;
  };
  return {
    clock: () => new Date(nowMs),
    advance,
    sleep: async (ms) => advance(ms),
    budget: (ms) => {
      const endsAtMs = nowMs + ms;
      return {
        endedBy: null,
        onEnd: () => () => {},
        signal: new AbortController().signal,
        remainingMs: () => Math.max(0, endsAtMs - nowMs),
        cancel: () => {},
        release: () => {},
      };
    },
  };
}
