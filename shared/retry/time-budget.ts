import type { LimitCode } from "../audit/cloud.ts";

/** How a budget's time ended, as the code of a finding. */
export type TimeBudgetCode = LimitCode;

/** Called once, with the code that the budget ended by. */
export type TimeBudgetListener = (code: TimeBudgetCode) => void;

/** An amount of time that several steps share, and the signal that it is used up. */
export interface TimeBudget {
  /** The code that it ended by; null as long as there is time. */
  readonly endedBy: TimeBudgetCode | null;
  /**
   * Has a listener called when the time is up, or at once where it is.
   *
   * @returns stops listening
   */
  onEnd(listener: TimeBudgetListener): () => void;
  /** The same for what takes a signal: aborted with the budget's code as its reason. */
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
 * @param code - the code that it ends by
 * @param within - the budget that this one is a part of
 */
export function startTimeBudget(
  budgetMs: number,
  code: TimeBudgetCode,
  within?: TimeBudget,
): TimeBudget {
  return new Budget(budgetMs, code, within);
}

/** Every attempt has one: an AbortController of its own would cost more than the rest of it. */
class Budget implements TimeBudget {
  #endedBy: TimeBudgetCode | null = null;
  readonly #code: TimeBudgetCode;
  readonly #endsAtMs: number;
  readonly #within: TimeBudget | undefined;
  readonly #listeners = new Set<TimeBudgetListener>();
  readonly #timer: NodeJS.Timeout;
  readonly #unfollow: (() => void) | undefined;
  #signal: AbortSignal | undefined;

  constructor(budgetMs: number, code: TimeBudgetCode, within: TimeBudget | undefined) {
    this.#code = code;
    this.#within = within;
    this.#endsAtMs = performance.now() + budgetMs;
    this.#timer = setTimeout(() => this.#end(code), budgetMs);
    this.#unfollow = within?.onEnd((reason) => this.#end(reason));
  }

  get endedBy(): TimeBudgetCode | null {
    return this.#endedBy;
  }

  onEnd(listener: TimeBudgetListener): () => void {
    if (this.#endedBy !== null) {
      listener(this.#endedBy);
      return () => {};
    }
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  get signal(): AbortSignal {
    if (this.#signal === undefined) {
      const controller = new AbortController();
      this.#signal = controller.signal;
      this.onEnd((code) => controller.abort(code));
    }
    return this.#signal;
  }

  remainingMs(): number {
    const ownMs = this.#endsAtMs - performance.now();
    return Math.max(0, Math.min(ownMs, this.#within?.remainingMs() ?? Infinity));
  }

  cancel(): void {
    this.#end(this.#code);
  }

  release(): void {
    clearTimeout(this.#timer);
    this.#unfollow?.();
  }

  #end(code: TimeBudgetCode): void {
    if (this.#endedBy !== null) return;
    this.#endedBy = code;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener(code);
  }
}
