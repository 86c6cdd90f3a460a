import { EMPTY_STATE, type State } from "../alerts/alert-state.ts";
import { StateError } from "../audit/run-error.ts";
import { startTimeBudget, type TimeBudget } from "../retry/time-budget.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import type { Lease } from "./lease.ts";
import { serializeDocument } from "./state-document.ts";
import type { StateLock } from "./state-store.ts";

export interface LeasedLockOptions {
  readonly blobs: BlobStore;
  /** The name of the blob of the state. */
  readonly document: string;
  readonly leaseName: string;
  readonly lease: Lease;
  /** When its lifetime began, by {@link monotonicMs}; not after its creation. */
  readonly beganMs: number;
  /** Written with every state. */
  readonly generation: number;
  readonly clock: () => Date;
  /** Milliseconds of a monotonic clock. */
  readonly monotonicMs: () => number;
  readonly within: TimeBudget;
}

/** A {@link StateLock} that lasts as long as its lease. */
export class LeasedLock implements StateLock {
  /** The state when the lease was created. */
  state: State = EMPTY_STATE;
  readonly warnings: string[] = [];
  readonly #options: LeasedLockOptions;
  #lastSave: Promise<unknown> = Promise.resolve();
  #released = false;

  constructor(options: LeasedLockOptions) {
    this.#options = options;
  }

  /** Whether the lease is over, so that another run may have locked the state. */
  get expired(): boolean {
    return this.#leftMs <= 0;
  }

  /** @param within - a part of the lock's time, where something else has to follow */
  async save(state: State, within = this.#options.within): Promise<void> {
    const saved = this.#lastSave.then(() => this.#write(state, within));
    this.#lastSave = saved.catch(() => {});
    return saved;
  }

  /** @param within - as for {@link save} */
  async release(within = this.#options.within): Promise<void> {
    await this.#lastSave;
    const { blobs, leaseName } = this.#options;
    // An expired lease is left to the run that takes over, which may rely on it to exclude others.
    if (this.#released || this.expired) return;
    this.#released = true;
    await this.#whileHeld(within, (budget) => blobs.remove(leaseName, budget)).catch(() => {});
  }

  /** By the wall clock and the monotonic one, the smaller: a clock that is set back lengthens no lease. */
  get #leftMs(): number {
    const { lease, beganMs, clock, monotonicMs } = this.#options;
    const lifeLeftMs = (lease.lifetimeMs ?? 0) - (monotonicMs() - beganMs);
    return Math.min(lease.expiresAtMs - clock().getTime(), lifeLeftMs);
  }

  async #write(state: State, within: TimeBudget): Promise<void> {
    if (this.#released || this.expired) {
      throw new StateError(
        "UNAVAILABLE",
        "This run has the state no more, and another one may have it: its last notifications are not remembered.",
      );
    }
    const { blobs, document, generation } = this.#options;
    const text = serializeDocument({ ...state, generation });
    await this.#whileHeld(within, (budget) => blobs.write(document, text, budget));
  }

  async #whileHeld<T>(within: TimeBudget, act: (budget: TimeBudget) => Promise<T>): Promise<T> {
    const budget = startTimeBudget(this.#leftMs, "TIMEOUT", within);
    try {
      return await act(budget);
    } finally {
      budget.release();
    }
  }
}
