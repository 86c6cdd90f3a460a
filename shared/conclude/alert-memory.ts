import { rememberSummary, rememberTold } from "../audit/remember.ts";
import type { Change } from "../audit/alert.ts";
import { StateError } from "../audit/run-error.ts";
import type { State } from "../audit/state.ts";
import type { Hold } from "../state/state-store.ts";

/** Takes note of what receivers have accepted. */
export interface AlertMemory {
  told(receiver: string, changes: readonly Change[]): Promise<void>;
  summarized(receiver: string): Promise<void>;
}

/** Where nothing is remembered. */
export const NO_MEMORY: AlertMemory = { async told() {}, async summarized() {} };

/**
 * The state while a run has it. What a receiver has accepted is written at once: a run that is
 * killed after that does not tell it again when it is repeated.
 */
export class StateMemory implements AlertMemory {
  readonly #hold: Hold;
  readonly #atMs: number;
  #state: State;
  #problem: StateError | null = null;

  /** @param atMs - when things count as told, in milliseconds since the epoch */
  constructor(hold: Hold, state: State, atMs: number) {
    this.#hold = hold;
    this.#state = state;
    this.#atMs = atMs;
  }

  async told(receiver: string, changes: readonly Change[]): Promise<void> {
    this.#state = rememberTold(this.#state, receiver, changes, this.#atMs);
    await this.write();
  }

  async summarized(receiver: string): Promise<void> {
    this.#state = rememberSummary(this.#state, receiver, this.#atMs);
    await this.write();
  }

  /** Writes the state as it is now. What goes wrong is in {@link problem}. */
  async write(): Promise<void> {
    try {
      await this.#hold.save(this.#state);
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
