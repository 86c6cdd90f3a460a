import type { ScopedAccount } from "../audit/account-scope.ts";

/**
 * Evaluations, one of a rule in a region, that one process makes: 3,000 accounts with 30 regions and one
 * rule.
 */
const MAX_EVALUATIONS = 90_000;

/** The processor's time of one evaluation on a whole vCPU, in milliseconds. */
const EVALUATION_MS = 0.6;

/** What one process assumes of roles, the limit of STS left aside. */
const ROLE_MS = 1_000 / 80;

/**
 * Whether accounts are to be divided among several processes although nobody asked for it: they are more
 * than one process audits, or it would not be done in time.
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
  const roles = accounts.filter(({ role }) => role !== null).length;
  const neededMs = Math.max(evaluations * EVALUATION_MS, roles * ROLE_MS);
  return evaluations > MAX_EVALUATIONS || neededMs > remainingMs;
}
