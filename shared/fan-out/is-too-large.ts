import type { ScopedAccount } from "../audit/account-scope.ts";

/**
 * Evaluations, one of a rule in a region, that one process makes: 3,000 accounts with 30 regions and one
 * rule.
 */
const MAX_EVALUATIONS = 90_000;

/** The processor's time of one evaluation on a whole vCPU, in milliseconds. */
const EVALUATION_MS = 0.6;

/**
 * Whether accounts are to be divided among several processes although nobody asked for it: they are more
 * than one process audits, or it would not be done in time. The rate of STS is the same for many processes,
 * so it is no reason.
 *
 * @param remainingMs - milliseconds until the run's deadline
 */
export function isTooLarge(
  accounts: readonly ScopedAccount[],
  ruleCount: number,
  remainingMs: number,
): boolean {
  const regions = accounts.reduce((count, { regionIds }) => count + regionIds.length, 0);
  const evaluations = regions * ruleCount;
  return evaluations > MAX_EVALUATIONS || evaluations * EVALUATION_MS > remainingMs;
}
