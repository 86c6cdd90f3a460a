import type { LimitCode } from "../audit/cloud.ts";

/** The reason why a budget ended, which is also a reason code of findings. */
export type TimeBudgetCode = LimitCode;

/** Called once, with the reason why the budget ended. */
export type TimeBudgetListener = (code: TimeBudgetCode) => void;

/** A time limit that several operations share. */
export interface TimeBudget {
  /** The reason why the budget ended; null while there is time left. */
  readonly endedBy: TimeBudgetCode | null;
  /**
   * Calls a listener when the budget ends, or immediately if it has ended.
   *
   * @returns removes the listener
   */
  onEnd(listener: TimeBudgetListener): () => void;
  /** Aborted when the budget ends, with the code as its reason. */
  readonly signal: AbortSignal;
  /** Milliseconds left, never below 0. */
  remainingMs(): number;
  /** Ends the budget now. */
  cancel(): void;
  /** Clears the timer and the subscription to the outer budget. Call it when the work is done. */
  release(): void;
}

/** A time limit whose time stands still while somebody waits for what is not its business. */
export interface PausableBudget extends TimeBudget {
  /**
   * Stops the time, but not that of the outer budget. Pauses may overlap: the time goes on when the last
   * of them is over.
   *
   * @returns ends this pause; to be called once
   */
  pause(): () => void;
  /** Milliseconds that a pause may last: what is left of the outer budget. Infinity where there is none. */
  remainingPauseMs(): number;
}

/**
 * Starts a budget. A budget within another one ends no later than the outer one, and with the
 * outer one's code if that ends first.
 *
 * @param budgetMs - milliseconds from now
 * @param code - the code with which it ends
 * @param within - the outer budget
 */
export function startTimeBudget(
  budgetMs: number,
  code: TimeBudgetCode,
  within?: TimeBudget,
): PausableBudget {
  return new Budget(budgetMs, code, within);
}

/** Every attempt has a budget, so its AbortController, the costliest part, is created on demand only. */
class Budget implements PausableBudget {
  #endedBy: TimeBudgetCode | null = null;
  readonly #code: TimeBudgetCode;
  #endsAtMs: number;
  readonly #within: TimeBudget | undefined;
  readonly #listeners = new Set<TimeBudgetListener>();
  #timer: NodeJS.Timeout;
  readonly #unfollow: (() => void) | undefined;
  #signal: AbortSignal | undefined;
  #isReleased = false;
  #pauses = 0;
  /** While it is paused: the milliseconds that are left then. */
  #leftMs = 0;

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
    const ownMs = this.#pauses > 0 ? this.#leftMs : this.#endsAtMs - performance.now();
    return Math.max(0, Math.min(ownMs, this.#within?.remainingMs() ?? Infinity));
  }

  remainingPauseMs(): number {
    return this.#within?.remainingMs() ?? Infinity;
  }

  pause(): () => void {
    if (this.#pauses === 0) {
      clearTimeout(this.#timer);
      this.#leftMs = this.#endsAtMs - performance.now();
    }
    this.#pauses += 1;
    return () => {
      this.#pauses -= 1;
      if (this.#pauses > 0 || this.#isReleased || this.#endedBy !== null) return;
      this.#endsAtMs = performance.now() + this.#leftMs;
      this.#timer = setTimeout(() => this.#end(this.#code), this.#leftMs);
    };
  }

  cancel(): void {
    this.#end(this.#code);
  }

  release(): void {
    this.#isReleased = true;
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
