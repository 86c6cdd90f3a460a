import type { EvidenceHead } from "../alerts/alert-state.ts";
import type { TimeBudget } from "../retry/time-budget.ts";
import type { StateStore } from "../state/state-store.ts";

/** Where the head of a chain of evidence is remembered from one run to the next. */
export interface EvidenceChain {
  /** Tells this chain from those that are elsewhere: see {@link EvidenceHead.address}. */
  readonly address: string;
  /** What remembers it, beside the evidence itself; null for the state of the run. */
  readonly store: StateStore | null;
  /**
   * Finds the head of the chain where nothing remembers it; null where the chain has none, or nobody
   * here may read it.
   *
   * @throws `EvidenceError` when what is kept cannot be read
   */
  findHead(within: TimeBudget): Promise<EvidenceHead | null>;
  /** Why nothing may be known of earlier reports, as a sentence. */
  readonly hint: string;
}
