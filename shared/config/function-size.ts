import { ceilingOf, exceeds, nameOfAccounts } from "./account-capacity.ts";
import { hasManyAccounts } from "./accounts.ts";
import type { Config } from "./config.ts";

/** What a deployment gives to a function. */
export interface FunctionSize {
  /** Seconds. */
  readonly timeout: number;
  /** vCPUs. */
  readonly cpu: number;
  /** MB. */
  readonly memorySize: number;
}

/** With less memory, in MB, a function is not given more accounts than these: 300 took 190 MB. */
const AMPLE_MEMORY_MB = 512;
const ACCOUNTS_IN_LITTLE_MEMORY = 300;

/**
 * A sentence about a function that is too small, or has too little time, for the accounts that it is to
 * audit; null where it is not. The number of an organization's members is not known here, so the ceiling is
 * stated.
 *
 * @param auditMs - milliseconds of its time-out that are for the audit
 */
export function warningOfFunctionSize(
  config: Config,
  size: FunctionSize,
  auditMs: number,
): string | null {
  if (!hasManyAccounts(config)) return null;
  const { timeout, cpu, memorySize } = size;
  const { concurrency, deadlineMs } = config;
  const seconds = Math.min(deadlineMs ?? Infinity, auditMs) / 1_000;
  const ceiling = ceilingOf(config, { seconds, concurrency, vcpus: cpu });
  const isLittle = memorySize < AMPLE_MEMORY_MB && ceiling.accounts > ACCOUNTS_IN_LITTLE_MEMORY;
  const { accounts, because } = isLittle
    ? { accounts: ACCOUNTS_IN_LITTLE_MEMORY, because: `more need ${AMPLE_MEMORY_MB} MB` }
    : ceiling;
  return exceeds(config, { accounts })
    ? `may be too small for ${nameOfAccounts(config)}: with ${timeout} seconds, ${cpu} vCPU and ${memorySize} MB, one run audits about ${accounts} accounts at most, because ${because}. ${adviceFor(size)}`
    : null;
}

function adviceFor({ timeout, cpu, memorySize }: FunctionSize): string {
  return timeout < 900 || cpu < 1 || memorySize < 1_024
    ? "Deploy s.organization.yaml, as docs/deploy.md says"
    : "Give it more time and a greater size, or divide the accounts with fanOut.parts";
}
