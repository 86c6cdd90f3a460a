import type { State } from "../alerts/alert-state.ts";
import type { Report } from "../audit/report.ts";
import { EvidenceError, StateError } from "../audit/run-error.ts";
import {
  type ChainedReport,
  type EvidenceKeeper,
  notChained,
  type StoredReport,
} from "../evidence/evidence-keeper.ts";
import { startTimeBudget, type TimeBudget } from "../retry/time-budget.ts";
import type { StateLock, StateStore } from "../state/state-store.ts";
import { type LockedState, lockState } from "./lock-state.ts";

/** For storing the report, which can have many megabytes: the smaller of the two. */
const STORE_TIMEOUT_MS = 120_000;
const STORE_SHARE = 0.25;

/**
 * For adding it to the chain: the smaller of the two. The lock of the state lasts for a minute, of which
 * a delivery needs two thirds.
 */
const CHAIN_TIMEOUT_MS = 10_000;
const CHAIN_SHARE = 0.25;

/** What became of the evidence of a run. */
export interface EvidenceOutcome {
  /** SHA-256 of the manifest, in hex: the head of the chain. Null where the report was not kept. */
  readonly manifestSha256: string | null;
  /** Why it was not kept; null where it was. */
  readonly problem: EvidenceError | null;
}

/**
 * The evidence of one run. That it cannot be kept is an outcome and not thrown, whatever the cause: the
 * alert, which has the head of the chain in it, comes first.
 */
export class RunEvidence {
  /** Sentences about what needs attention although the report was kept. */
  readonly warnings: string[] = [];
  readonly #keeper: EvidenceKeeper;
  #stored: StoredReport | null = null;
  #manifestSha256: string | null = null;
  #problem: EvidenceError | null = null;

  constructor(keeper: EvidenceKeeper) {
    this.#keeper = keeper;
  }

  get outcome(): EvidenceOutcome {
    return { manifestSha256: this.#manifestSha256, problem: this.#problem };
  }

  /** A line for a person about a report that was kept; none where it was not. */
  describe(): string[] {
    const sha256 = this.#manifestSha256;
    return sha256 === null ? [] : [`report kept in ${this.#keeper.name}, manifest ${sha256}`];
  }

  /** Milliseconds that {@link chain} needs with the state locked. */
  get neededMs(): number {
    return this.#keeper.chain.store === null ? CHAIN_TIMEOUT_MS : 0;
  }

  /**
   * Stores the report, before the state is locked. Where the evidence remembers the head of its chain
   * beside it, the report is added to the chain too.
   *
   * @param runTime - the remaining time of the run, where it is limited
   */
  async store(report: Report, runTime?: TimeBudget): Promise<void> {
    try {
      this.#stored = await limited(STORE_TIMEOUT_MS, STORE_SHARE, runTime, async (within) =>
        this.#keeper.storeReport(report, within),
      );
    } catch (error) {
      this.#problem = error instanceof EvidenceError ? error : internalError(error);
    }
    const { store } = this.#keeper.chain;
    if (store !== null) await this.#lockAndChain(store, runTime);
  }

  /**
   * Adds the stored report to the chain, the end of which the state remembers.
   *
   * @param locked - the state of the run
   * @param runTime - as for {@link store}
   * @returns the state that later saves begin with; undefined where it is as it was
   */
  async chain(locked: LockedState, runTime?: TimeBudget): Promise<State | undefined> {
    const stored = this.#stored;
    if (stored === null || this.#keeper.chain.store !== null) return undefined;
    return this.#chain(stored, locked, runTime);
  }

  /**
   * Stores the report and adds it to the chain, in a run that has no other business with the state.
   *
   * @param state - of the run
   */
  async keepAlone(report: Report, state: StateStore | null): Promise<void> {
    await this.store(report);
    if (this.#keeper.chain.store === null) await this.#lockAndChain(state);
  }

  async #lockAndChain(store: StateStore | null, runTime?: TimeBudget): Promise<void> {
    const stored = this.#stored;
    if (stored === null) return;
    const locked = await lockOrProblem(store, runTime);
    try {
      const state = await this.#chain(stored, locked, runTime);
      if (this.#manifestSha256 !== null && state !== undefined) await confirm(locked.lock, state);
    } finally {
      await locked.release();
    }
  }

  async #chain(
    stored: StoredReport,
    { lock, problem }: LockedState,
    runTime: TimeBudget | undefined,
  ): Promise<State | undefined> {
    if (lock === null) {
      this.#problem = notChained(stored.report, problem ?? new EvidenceError("There is no state."));
      return undefined;
    }
    let chained: ChainedReport;
    try {
      chained = await limited(CHAIN_TIMEOUT_MS, CHAIN_SHARE, runTime, async (within) =>
        this.#keeper.chainReport(stored, lock, within),
      );
    } catch (error) {
      this.#problem = internalError(error);
      return undefined;
    }
    const { manifestSha256, head } = chained;
    this.#manifestSha256 = manifestSha256;
    this.#problem = chained.problem;
    this.warnings.push(...chained.warnings);
    return head === undefined ? undefined : { ...lock.state, evidence: head };
  }
}

/** Another run that does not release the lock is a problem of the evidence here, and not of the state. */
async function lockOrProblem(
  store: StateStore | null,
  runTime: TimeBudget | undefined,
): Promise<LockedState> {
  try {
    return await lockState(store, runTime, CHAIN_TIMEOUT_MS);
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    return { lock: null, problem: error, async release() {} };
  }
}

/** Saves that the manifest is stored. Where that fails, the next run stores it again, and nothing is lost. */
async function confirm(lock: StateLock | null, state: State): Promise<void> {
  try {
    await lock?.save(state);
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
  }
}

async function limited<T>(
  timeoutMs: number,
  share: number,
  runTime: TimeBudget | undefined,
  act: (within: TimeBudget) => Promise<T>,
): Promise<T> {
  const leftMs = runTime?.remainingMs() ?? Infinity;
  const within = startTimeBudget(Math.min(timeoutMs, leftMs * share), "TIMEOUT", runTime);
  try {
    return await act(within);
  } finally {
    within.release();
  }
}

/** A fault of this program must not cost the alert. */
function internalError(cause: unknown): EvidenceError {
  return new EvidenceError(
    "The report could not be kept: internal error. Run it with --verbose and report what it says.",
    { cause },
  );
}
