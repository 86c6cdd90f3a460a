import { CallError } from "../../audit/call-error.ts";
import { type Evidence, NO_EVIDENCE } from "../../audit/finding.ts";
import type { Organization } from "../../audit/organization.ts";
import { UnreadableError } from "../../audit/region-reader.ts";
import type { Gate } from "../../retry/gate.ts";
import { Pace } from "../../retry/pace.ts";
import { RegionGate } from "../../retry/region-gate.ts";
import { retry } from "../../retry/retry.ts";
import { startTimeBudget } from "../../retry/time-budget.ts";
import type { ReadOptions } from "../region-reader.ts";
import type { AssumeRole } from "./member-session.ts";

/** Milliseconds for all attempts at one role, without the wait for a place among all calls of STS. */
const ASSUME_TIMEOUT_MS = 10_000;
/** Milliseconds for one attempt, after which another endpoint is asked. */
const ATTEMPT_TIMEOUT_MS = 3_500;
/** Their endpoints are asked where that of the home region fails. */
const OTHER_REGIONS = ["cn-hangzhou", "ap-southeast-1"];

/** How roles are assumed. */
export interface AssumeOptions extends Pick<ReadOptions, "policy" | "deadline" | "clock"> {
  /** The region whose STS endpoint is asked first. */
  readonly homeRegionId: string;
  /** Calls of STS in any second, of all accounts together. */
  readonly stsCallsPerSecond: number;
}

/**
 * Returns a function that assumes a role, with retries at several endpoints. All its calls together keep
 * to the rate, and slow down where STS throttles: its limit is that of the calling account.
 *
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole
 */
export function roleAssumer(
  organization: Organization,
  { homeRegionId, stsCallsPerSecond, policy, deadline, clock }: AssumeOptions,
): AssumeRole {
  const pace = new Pace(deadline, { maxPerSecond: stsCallsPerSecond });
  const other = OTHER_REGIONS.find((regionId) => regionId !== homeRegionId) ?? null;
  const endpoints = [homeRegionId, other, null];
  return async (role) => {
    if (deadline.endedBy !== null) throw tooLate();
    const budget = startTimeBudget(ASSUME_TIMEOUT_MS, "TIMEOUT", deadline);
    const gate: Gate = new RegionGate(pace, budget);
    const startedMs = performance.now();
    let attempts = 0;
    try {
      const { value } = await retry(
        (attempt, limit) => {
          // Nothing was asked: that is no answer of STS.
          if (limit.endedBy === "DEADLINE_EXCEEDED") throw tooLate();
          attempts += 1;
          const regionId = endpoints[(attempt - 1) % endpoints.length] ?? null;
          return organization.assumeRole(role, regionId, limit);
        },
        policy,
        budget,
        ATTEMPT_TIMEOUT_MS,
        gate,
      );
      return value;
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      const { code, message, exchange, hostResolved } = error;
      const evidence: Evidence = {
        ...exchange,
        attempts,
        checkedAt: clock().toISOString(),
        durationMs: Math.round(performance.now() - startedMs),
      };
      throw new UnreadableError(code, message, { evidence, hostResolved, cause: error });
    } finally {
      budget.release();
    }
  };
}

function tooLate(): UnreadableError {
  const message = "The run's deadline struck before the role was assumed.";
  return new UnreadableError("DEADLINE_EXCEEDED", message, { evidence: NO_EVIDENCE });
}
