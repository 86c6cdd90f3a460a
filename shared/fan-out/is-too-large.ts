import type { ScopedAccount } from "../audit/account-scope.ts";
import { EVALUATION_CPU_MS } from "../audit/run-limits.ts";

/**
 * Evaluations, one of a rule in a region, that one process makes: 3,000 accounts with 30 regions and one
 * rule. Measured with the bundle of the audit function on Node 20, against an emulated cloud in another
 * process: 30,030 evaluations of 1,001 accounts took 7.3 s of the processor and 173 MB, and 90,030 of
 * 3,001 accounts 23 s and 259 MB. Function Compute's smallest whole vCPU comes with 1 GB.
 */
const MAX_EVALUATIONS = 90_000;

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
  return evaluations > MAX_EVALUATIONS || evaluations * EVALUATION_CPU_MS > remainingMs;
}
