import type { State } from "../alerts/alert-state.ts";
import type { Change } from "../alerts/alert.ts";
import {
  forgetEnded,
  rememberFailed,
  rememberIntent,
  rememberNotified,
  rememberSummary,
} from "../alerts/remember.ts";
import { StateError } from "../audit/run-error.ts";
import { compareSubjects } from "../audit/subject.ts";
import type { TimeBudget } from "../retry/time-budget.ts";
import type { StateLock } from "../state/state-store.ts";
import type { DeliveryRecorder } from "./delivery-recorder.ts";

/**
 * Records deliveries in a locked state. The intent is written before anything is sent, so that the next
 * run knows of messages whose outcome this one could not write: it was killed, or the disk was full. A
 * confirmation is written at once, so that a run which is killed after that does not notify the
 * receiver again when it is repeated.
 */
export class StateRecorder implements DeliveryRecorder {
  readonly remembers = true;
  readonly #lock: StateLock;
  readonly #atMs: number;
  readonly #before: State;
  #state: State;
  #problem: StateError | null = null;

  /**
   * @param state - with what the run observed
   * @param atMs - the time of all deliveries, in milliseconds since the epoch
   */
  constructor(lock: StateLock, state: State, atMs: number) {
    this.#lock = lock;
    // Each write sorts the entries, which takes little time where they are in order.
    this.#before = { ...state, entries: state.entries.toSorted(compareSubjects) };
    this.#state = this.#before;
    this.#atMs = atMs;
  }

  get problem(): StateError | null {
    return this.#problem;
  }

  async intended(due: ReadonlyMap<string, readonly Change[]>, within: TimeBudget): Promise<void> {
    if (due.size === 0) return;
    for (const [receiver, changes] of due) {
      this.#state = rememberIntent(this.#state, receiver, changes, this.#atMs);
    }
    await this.#write(this.#state, within);
  }

  async delivered(receiver: string, changes: readonly Change[]): Promise<void> {
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

  async finished(): Promise<void> {
    await this.#write(forgetEnded(this.#state));
  }

  /** A failure is kept in {@link problem}, until a later write succeeds. */
  async #write(state: State, within?: TimeBudget): Promise<void> {
    try {
      await this.#lock.save(state, within);
      this.#problem = null;
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      this.#problem = error;
    }
  }
}
