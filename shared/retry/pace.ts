import type { TimeBudget } from "./time-budget.ts";

/** Milliseconds between two attempts after the first that was throttled. */
const FIRST_INTERVAL_MS = 50;
/** Milliseconds between two attempts at most. */
const MAX_INTERVAL_MS = 2_000;
/** By how much the interval grows with each slowdown. */
const SLOWDOWN = 1.5;
/** Milliseconds without a slowdown in which the rate grows by the factor e. */
const RECOVERY_MS = 2_000;
/** Milliseconds: a shorter interval is none. */
const NO_INTERVAL_MS = 5;
/** The share of a limit that attempts may catch up at once where a timer was late. */
const CATCH_UP_SHARE = 0.05;
/** The share of a limit that is left unused, since attempts that are spaced here may arrive closer together. */
const UNUSED_SHARE = 0.05;

/** The pace of all attempts at one peer: none, until it throttles. */
export interface PaceOptions {
  /** Attempts in any second, however well they go. @default any number */
  readonly maxPerSecond?: number;
  /** Called when nobody waits any more. */
  readonly onIdle?: () => void;
}

/**
 * Spaces the attempts at one peer. The rate falls by a factor with each slowdown, and grows again while
 * attempts succeed, until they need not wait at all. Who waits is let through in the order of arrival.
 *
 * @see https://en.wikipedia.org/wiki/Additive_increase/multiplicative_decrease
 */
export class Pace {
  readonly #deadline: TimeBudget;
  readonly #minIntervalMs: number;
  /** Attempts that may catch up at once. */
  readonly #catchUp: number;
  readonly #onIdle: (() => void) | undefined;
  #intervalMs: number;
  #nextAtMs = 0;
  #slowdowns = 0;
  #waiting: ((mayStart: boolean) => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #unfollow: (() => void) | undefined;

  /** @param deadline - ends every wait */
  constructor(deadline: TimeBudget, { maxPerSecond, onIdle }: PaceOptions = {}) {
    this.#deadline = deadline;
    this.#minIntervalMs =
      maxPerSecond === undefined ? 0 : 1_000 / (maxPerSecond * (1 - CATCH_UP_SHARE - UNUSED_SHARE));
    this.#catchUp = (maxPerSecond ?? 0) * CATCH_UP_SHARE;
    this.#intervalMs = this.#minIntervalMs;
    this.#onIdle = onIdle;
  }

  /** How often the attempts were slowed down so far. */
  get slowdowns(): number {
    return this.#slowdowns;
  }

  /** Whether an attempt would have to wait for others that wait already. */
  get isCongested(): boolean {
    return this.#waiting.length > 0;
  }

  /** See `Gate`. */
  enter(): Promise<boolean> | undefined {
    if (this.#intervalMs === 0) return undefined;
    const nowMs = performance.now();
    if (this.#waiting.length === 0 && nowMs >= this.#nextAtMs) {
      this.#take(nowMs);
      return undefined;
    }
    if (this.#deadline.endedBy !== null) return Promise.resolve(false);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#unfollow ??= this.#deadline.onEnd(() => this.#letAllGo(false));
      this.#wake(nowMs);
    });
  }

  /** See `Gate`. */
  slowDown(seen: number, retryAfterMs = 0): void {
    if (seen < this.#slowdowns) return;
    this.#slowdowns += 1;
    const slowerMs = Math.max(FIRST_INTERVAL_MS, this.#intervalMs * SLOWDOWN);
    this.#intervalMs = Math.min(MAX_INTERVAL_MS, slowerMs);
    const waitMs = Math.min(MAX_INTERVAL_MS, Math.max(retryAfterMs, this.#intervalMs));
    this.#nextAtMs = Math.max(this.#nextAtMs, performance.now() + waitMs);
  }

  /** An attempt succeeded. */
  succeed(): void {
    if (this.#intervalMs <= this.#minIntervalMs) return;
    const shorterMs = this.#intervalMs * (1 - Math.min(0.5, this.#intervalMs / RECOVERY_MS));
    this.#intervalMs = Math.max(this.#minIntervalMs, shorterMs);
    if (this.#intervalMs >= NO_INTERVAL_MS) return;
    this.#intervalMs = this.#minIntervalMs;
    if (this.#intervalMs === 0) this.#letAllGo(true);
  }

  /** @param lateMs - milliseconds that may be caught up, where a timer was late. @default 0 */
  #take(nowMs: number, lateMs = 0): void {
    this.#nextAtMs = Math.max(this.#nextAtMs, nowMs - lateMs) + this.#intervalMs;
  }

  #wake(nowMs: number): void {
    this.#timer ??= setTimeout(() => this.#letNext(), Math.max(0, this.#nextAtMs - nowMs));
  }

  #letNext(): void {
    this.#timer = undefined;
    const nowMs = performance.now();
    const lateMs = this.#catchUp * this.#intervalMs;
    while (this.#waiting.length > 0 && nowMs >= this.#nextAtMs) {
      this.#take(nowMs, lateMs);
      this.#waiting.shift()?.(true);
    }
    if (this.#waiting.length > 0) this.#wake(nowMs);
    else this.#rest();
  }

  #letAllGo(mayStart: boolean): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    for (const letGo of waiting) letGo(mayStart);
    this.#rest();
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#unfollow?.();
    this.#unfollow = undefined;
    this.#onIdle?.();
  }
}
