import {
  forgetEnded,
  rememberFailed,
  rememberIntent,
  rememberSummary,
  rememberNotified,
} from "../alerts/remember.ts";
import type { Change } from "../alerts/alert.ts";
import { StateError } from "../audit/run-error.ts";
import type { State } from "../alerts/alert-state.ts";
import type { StateLock } from "../state/state-store.ts";
import type { TimeBudget } from "../retry/time-budget.ts";

/** Takes note of what became of the changes that were sent to receivers. */
export interface AlertMemory {
  notified(receiver: string, changes: readonly Change[]): Promise<void>;
  /** Of what is certain not to have arrived. */
  failed(receiver: string, changes: readonly Change[]): void;
  summarized(receiver: string): Promise<void>;
}

/** Where nothing is remembered. */
export const NO_MEMORY: AlertMemory = {
  async notified() {},
  failed() {},
  async summarized() {},
};

/**
 * The state while a run has it. The intent to notify is written before anything is sent, so that
 * the next run knows of messages whose outcome this one could not write: it was killed, or the disk
 * was full. What a receiver has confirmed is written at once: a run that is killed after that does
 * not tell it again when it is repeated.
 */
export class StateMemory implements AlertMemory {
  readonly #lock: StateLock;
  readonly #atMs: number;
  readonly #before: State;
  #state: State;
  #problem: StateError | null = null;

  /** @param atMs - when things count as told, in milliseconds since the epoch */
  constructor(lock: StateLock, state: State, atMs: number) {
    this.#lock = lock;
    this.#before = state;
    this.#state = state;
    this.#atMs = atMs;
  }

  /** Writes what is due to whom, before anything is sent. */
  async intend(due: ReadonlyMap<string, readonly Change[]>, within: TimeBudget): Promise<void> {
    if (due.size === 0) return;
    for (const [receiver, changes] of due) {
      this.#state = rememberIntent(this.#state, receiver, changes, this.#atMs);
    }
    await this.#write(this.#state, within);
  }

  async notified(receiver: string, changes: readonly Change[]): Promise<void> {
    this.#state = rememberNotified(this.#state, receiver, changes, this.#atMs);
    await this.#write(this.#state);
  }

  failed(receiver: string, changes: readonly Change[]): void {
    this.#state = rememberFailed(this.#state, this.#before, receiver, changes);
  }

  async summarized(receiver: string): Promise<void> {
    this.#state = rememberSummary(this.#state, receiver, this.#atMs);
    await this.#write(this.#state);
  }

  /** Writes the state as it is at the end. What goes wrong is in {@link problem}. */
  async close(): Promise<void> {
    await this.#write(forgetEnded(this.#state));
  }

  async #write(state: State, within?: TimeBudget): Promise<void> {
    try {
      await this.#lock.save(state, within);
      this.#problem = null;
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      this.#problem = error;
    }
  }

  /** Why the state as it is now is not written; null where it is. */
  get problem(): StateError | null {
    return this.#problem;
  }
}
