import { CallError } from "../audit/call-error.ts";
import type { Cloud } from "../audit/cloud.ts";
import type { Caller } from "../audit/report.ts";
import { askInTurn } from "../retry/ask-in-turn.ts";
import type { RetryPolicy } from "../retry/retry.ts";
import { startTimeBudget, type TimeBudget } from "../retry/time-budget.ts";
import type { CredentialsWatch } from "./credentials-watch.ts";

/** Milliseconds over all endpoints; after that the audit continues without the caller's identity. */
const IDENTIFY_TIMEOUT_MS = 5_000;
/** Milliseconds without an answer after which the next endpoint is asked as well. */
const STAGGER_MS = 1_500;
/** Asked beside the first, where the scope has no other region. */
const OTHER_REGIONS = ["cn-hangzhou", "ap-southeast-1"];

/** The owner of the credentials, if it could be identified. */
export interface Identified {
  readonly caller: Caller | null;
  /** Whether the name of a host that was asked resolved. */
  readonly hostResolved: boolean;
}

/**
 * Asks STS whose credentials these are. Without an answer the caller is null. A refusal of an unknown
 * or wrong key is reported to the watch, and fails the run.
 *
 * @param regionIds - the regions in scope
 */
export async function identifyCaller(
  cloud: Cloud,
  regionIds: readonly string[],
  policy: RetryPolicy,
  deadline: TimeBudget,
  credentials: CredentialsWatch,
): Promise<Identified> {
  const observed = { hostResolved: false };
  try {
    const caller = await askCallerIdentity(cloud, regionIds, policy, deadline, observed);
    credentials.accept();
    return { caller, hostResolved: true };
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    if (error.code === "CREDENTIALS_INVALID") credentials.refuse(error.message);
    return { caller: null, hostResolved: observed.hostResolved };
  }
}

/**
 * Asks STS whose credentials these are: at the first region's endpoint, then at another region's,
 * then at the global one, within five seconds in all.
 *
 * @param regionIds - where they are asked first; not empty
 * @param observed - set where the name of a host resolved
 * @throws {@link CallError} when none of them answers
 */
export async function askCallerIdentity(
  cloud: Cloud,
  regionIds: readonly string[],
  policy: RetryPolicy,
  deadline: TimeBudget,
  observed: { hostResolved: boolean } = { hostResolved: false },
): Promise<Caller> {
  const budget = startTimeBudget(IDENTIFY_TIMEOUT_MS, "TIMEOUT", deadline);
  try {
    return await askInTurn(
      endpointsFor(regionIds),
      async (regionId, limit) => {
        try {
          return (await cloud.identifyCaller(regionId, limit)).value;
        } catch (error) {
          observed.hostResolved ||= error instanceof CallError && error.hostResolved === true;
          throw error;
        }
      },
      { budget, staggerMs: STAGGER_MS, policy, isFinal: isRefused },
    );
  } finally {
    budget.release();
  }
}

/**
 * Null is the global endpoint. Endpoints of one area fail together, so the second is in another area
 * where the scope has one.
 */
function endpointsFor(regionIds: readonly string[]): readonly (string | null)[] {
  const [first = null] = regionIds;
  const areaOf = (regionId: string | null): string | undefined => regionId?.split("-")[0];
  const other =
    regionIds.find((regionId) => areaOf(regionId) !== areaOf(first)) ??
    [...regionIds, ...OTHER_REGIONS].find((regionId) => regionId !== first) ??
    null;
  return [first, other, null];
}

/** Such a refusal is final: another endpoint would give the same answer. */
function isRefused(error: unknown): boolean {
  return (
    error instanceof CallError &&
    error.code === "CREDENTIALS_INVALID" &&
    error.retryable === "never"
  );
}
