import { CallError } from "../audit/call-error.ts";
import type { Cloud } from "../audit/cloud.ts";
import type { Caller } from "../audit/report.ts";
import { retry, type RetryPolicy } from "../retry.ts";
import { startTimeBudget, type TimeBudget } from "../time-budget.ts";
import type { CredentialsWatch } from "./credentials-watch.ts";

/** Who asks is worth knowing, but not worth waiting for. */
const IDENTIFY_TIMEOUT_MS = 3_000;

/** Whose credentials they are, as far as that could be learnt. */
export interface Identified {
  readonly caller: Caller | null;
  /** Whether the name of the host that was asked resolved. */
  readonly hostResolved: boolean;
}

/**
 * Asks whose credentials these are. Not to learn it is no failure, so the caller may be
 * null; to be refused as an unknown or wrong key is one, and the watch is told.
 */
export async function identifyCaller(
  cloud: Cloud,
  regionId: string,
  policy: RetryPolicy,
  deadline: TimeBudget,
  credentials: CredentialsWatch,
): Promise<Identified> {
  const budget = startTimeBudget(IDENTIFY_TIMEOUT_MS, "TIMEOUT", deadline);
  try {
    const { value: caller } = await retry(
      () => cloud.identifyCaller(regionId, budget),
      policy,
      budget,
    );
    credentials.accept();
    return { caller, hostResolved: true };
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    if (error.code === "CREDENTIALS_INVALID") credentials.refuse(error.message);
    return { caller: null, hostResolved: error.hostResolved === true };
  } finally {
    budget.release();
  }
}
