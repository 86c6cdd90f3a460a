import type { TimeBudget } from "../retry/time-budget.ts";

/**
 * Where evidence is created, and never overwritten or deleted. Reading it takes other permissions: see
 * `EvidenceArchive`.
 */
export interface EvidenceStore {
  /** The evidence's address, to be shown to people. */
  readonly name: string;
  /**
   * Stores a text.
   *
   * @param name - below the address, with slashes
   * @returns false where there was something of that name; true where this call stored it, or may have
   *   done so with an attempt whose answer was lost
   * @throws `EvidenceError` when it could not be stored
   */
  create(name: string, text: string, within: TimeBudget): Promise<boolean>;
}
