import { EMPTY_STATE, type State } from "../alerts/alert-state.ts";
import { StateError } from "../audit/run-error.ts";
import { startTimeBudget, type TimeBudget } from "../retry/time-budget.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import type { Lease } from "./lease.ts";
import { serializeDocument } from "./serialize-document.ts";
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

/** A state that is written once the write before it has ended; a newer one takes its place until then. */
interface WaitingSave {
  state: State;
  readonly within: TimeBudget;
  saved: Promise<void>;
}

/** A {@link StateLock} that lasts as long as its lease. */
export class LeasedLock implements StateLock {
  /** The state when the lease was created. */
  state: State = EMPTY_STATE;
  readonly warnings: string[] = [];
  readonly #options: LeasedLockOptions;
  #lastSave: Promise<unknown> = Promise.resolve();
  #waiting: WaitingSave | null = null;
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
    const waiting = this.#waiting;
    if (waiting?.within === within) {
      waiting.state = state;
      return waiting.saved;
    }
    const own: WaitingSave = { state, within, saved: Promise.resolve() };
    own.saved = this.#lastSave.then(() => {
      if (this.#waiting === own) this.#waiting = null;
      return this.#write(own.state, within);
    });
    this.#waiting = own;
    this.#lastSave = own.saved.catch(() => {});
    return own.saved;
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
