import type { ServerResponse } from "node:http";

/** How many calls there were. */
export interface TrafficCounts {
  readonly byAction: ReadonlyMap<string, number>;
  /** By the account whose key signed them; without refused signatures. */
  readonly byAccount: ReadonlyMap<string, number>;
  /** Calls that an account's token bucket refused, by account. */
  readonly throttled: ReadonlyMap<string, number>;
}

/** Counts the calls of an emulator, at the same cost however many there are. */
export class Traffic {
  readonly #byAction = new Map<string, number>();
  readonly #byAccount = new Map<string, number>();
  readonly #throttled = new Map<string, number>();
  readonly #underWay = new Map<string, number>();
  readonly #mostUnderWay = new Map<string, number>();
  readonly counts: TrafficCounts = {
    byAction: this.#byAction,
    byAccount: this.#byAccount,
    throttled: this.#throttled,
  };
  /** By action: the most calls of it that were under way at once. */
  readonly mostUnderWay: ReadonlyMap<string, number> = this.#mostUnderWay;

  arrived(action: string): void {
    increment(this.#byAction, action);
  }

  /** A call that is properly signed, or needs no signature. */
  accepted(action: string, accountId: string, response: ServerResponse): void {
    increment(this.#byAccount, accountId);
    const count = increment(this.#underWay, action);
    this.#mostUnderWay.set(action, Math.max(count, this.#mostUnderWay.get(action) ?? 0));
    response.once("close", () => increment(this.#underWay, action, -1));
  }

  throttled(accountId: string): void {
    increment(this.#throttled, accountId);
  }
}

function increment(counts: Map<string, number>, name: string, by = 1): number {
  const count = (counts.get(name) ?? 0) + by;
  counts.set(name, count);
  return count;
}

/**
 * The most events in any window of this length: what a rate limit is measured by.
 *
 * @param timesMs - ascending
 */
export function mostWithin(timesMs: readonly number[], windowMs: number): number {
  let first = 0;
  let most = 0;
  for (const [index, timeMs] of timesMs.entries()) {
    while ((timesMs[first] ?? timeMs) <= timeMs - windowMs) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}
