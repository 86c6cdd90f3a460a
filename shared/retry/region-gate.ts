import { setTimeout as sleep } from "node:timers/promises";

import type { Gate } from "./gate.ts";
import type { PausableBudget } from "./time-budget.ts";

/** What holds for all calls of an account: its pace, and in other accounts the session of the role. */
export type AccountGate = Omit<Gate, "enter" | "remainingMs"> & {
  /** As {@link Gate.enter}, without a delay. */
  enter(): Promise<boolean> | undefined;
};

/** How many slowdowns in a row a region may cause while none of its own calls succeeds. */
const MAX_IN_A_ROW = 3;

/**
 * The gate of one region's calls. Its waits do not use up the region's time. A region that is always
 * throttled slows the account down only so far: the others are not.
 */
export class RegionGate implements Gate {
  readonly #account: AccountGate;
  readonly #budget: PausableBudget;
  #inARow = 0;

  constructor(account: AccountGate, budget: PausableBudget) {
    this.#account = account;
    this.#budget = budget;
  }

  get slowdowns(): number {
    return this.#account.slowdowns;
  }

  remainingMs(): number {
    return this.#budget.remainingPauseMs();
  }

  enter(delayMs: number): Promise<boolean> | undefined {
    if (delayMs > 0) return this.#outsideTime(this.#enterAfter(delayMs));
    const turn = this.#account.enter();
    return turn === undefined ? undefined : this.#outsideTime(turn);
  }

  slowDown(seen: number, retryAfterMs: number | undefined): void {
    if (seen < this.slowdowns) return;
    this.#inARow += 1;
    if (this.#inARow <= MAX_IN_A_ROW) this.#account.slowDown(seen, retryAfterMs);
  }

  succeed(): void {
    this.#inARow = 0;
    this.#account.succeed();
  }

  async #enterAfter(delayMs: number): Promise<boolean> {
    const { signal } = this.#budget;
    const isInTime = await sleep(delayMs, true, { signal }).catch(() => false);
    return isInTime && ((await this.#account.enter()) ?? true);
  }

  async #outsideTime(turn: Promise<boolean>): Promise<boolean> {
    const resume = this.#budget.pause();
    try {
      return await turn;
    } finally {
      resume();
    }
  }
}
