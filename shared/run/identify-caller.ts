import { askInTurn } from "../retry/ask-in-turn.ts";
import { CallError } from "../audit/call-error.ts";
import type { Cloud } from "../audit/cloud.ts";
import type { Caller } from "../audit/report.ts";
import type { RetryPolicy } from "../retry/retry.ts";
import { startTimeBudget, type TimeBudget } from "../retry/time-budget.ts";
import type { CredentialsWatch } from "./credentials-watch.ts";

/** Milliseconds over all endpoints: who asks is worth knowing, but not worth waiting for. */
const IDENTIFY_TIMEOUT_MS = 5_000;
/** Milliseconds of silence after which the next endpoint is asked as well. */
const STAGGER_MS = 1_500;
/** Asked beside the first, where the scope has no other region. */
const OTHER_REGIONS = ["cn-hangzhou", "ap-southeast-1"];

/** Whose credentials they are, as far as that could be learnt. */
export interface Identified {
  readonly caller: Caller | null;
  /** Whether the name of a host that was asked resolved. */
  readonly hostResolved: boolean;
}

/**
 * Asks whose credentials these are. Not to learn it is no failure, so the caller may be
 * null; to be refused as an unknown or wrong key is one, and the watch is told.
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
  const seen = { hostResolved: false };
  try {
    const caller = await askCallerIdentity(cloud, regionIds, policy, deadline, seen);
    credentials.accept();
    return { caller, hostResolved: true };
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    if (error.code === "CREDENTIALS_INVALID") credentials.refuse(error.message);
    return { caller: null, hostResolved: seen.hostResolved };
  }
}

/**
 * Asks STS whose credentials these are: at the first region's endpoint, then at another region's,
 * then at the global one, within five seconds in all.
 *
 * @param regionIds - where they are asked first; not empty
 * @param seen - told whether the name of a host resolved
 * @throws {@link CallError} when none of them says it
 */
export async function askCallerIdentity(
  cloud: Cloud,
  regionIds: readonly string[],
  policy: RetryPolicy,
  deadline: TimeBudget,
  seen: { hostResolved: boolean } = { hostResolved: false },
): Promise<Caller> {
  const budget = startTimeBudget(IDENTIFY_TIMEOUT_MS, "TIMEOUT", deadline);
  try {
    return await askInTurn(
      endpointsFor(regionIds),
      async (regionId, limit) => {
        try {
          return (await cloud.identifyCaller(regionId, limit)).value;
        } catch (error) {
          seen.hostResolved ||= error instanceof CallError && error.hostResolved === true;
          throw error;
        }
      },
      { budget, staggerMs: STAGGER_MS, policy, isFinal: isRefused },
    );
  } finally {
    budget.release();
  }
}

/** Null is the global one. Regions of one network fail together: another area's is asked if there is one. */
function endpointsFor(regionIds: readonly string[]): readonly (string | null)[] {
  const [first = null] = regionIds;
  const areaOf = (regionId: string | null): string | undefined => regionId?.split("-")[0];
  const other =
    regionIds.find((regionId) => areaOf(regionId) !== areaOf(first)) ??
    [...regionIds, ...OTHER_REGIONS].find((regionId) => regionId !== first) ??
    null;
  return [first, other, null];
}

/** The keys are the same at every endpoint. */
function isRefused(error: unknown): boolean {
  return (
    error instanceof CallError &&
    error.code === "CREDENTIALS_INVALID" &&
    error.retryable === "never"
  );
}
