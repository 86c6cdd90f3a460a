import { CallError } from "../audit/call-error.ts";
import type { Cloud } from "../audit/cloud.ts";
import {
  type Evidence,
  type Exchange,
  NO_EVIDENCE,
  type Reason,
  type Status,
} from "../audit/finding.ts";
import { retry, type RetryPolicy } from "../retry/retry.ts";
import type { Rule } from "../rules/rule.ts";
import { startTimeBudget, type TimeBudget } from "../retry/time-budget.ts";

/** A finding before the account is known, with what the run has to know about its failure. */
export interface Outcome {
  readonly ruleId: string;
  readonly regionId: string;
  readonly status: Status;
  readonly reason: Reason;
  readonly evidence: Evidence;
  /** Whether the host's name was resolved; undefined where that is not known. */
  readonly hostResolved: boolean | undefined;
}

export interface EvaluateOptions {
  readonly policy: RetryPolicy;
  /** Milliseconds for the region: all attempts and the waits between them. */
  readonly timeoutMs: number;
  /** Milliseconds for one attempt. */
  readonly attemptTimeoutMs: number;
  readonly deadline: TimeBudget;
  readonly clock: () => Date;
}

/**
 * Puts a rule to a region and turns whatever comes back into an outcome: a verdict, or
 * `INSUFFICIENT_DATA` with the reason why the region could not be read.
 */
export async function evaluateRegion(
  rule: Rule,
  cloud: Cloud,
  regionId: string,
  { policy, timeoutMs, attemptTimeoutMs, deadline, clock }: EvaluateOptions,
): Promise<Outcome> {
  const ruleId = rule.id;
  if (deadline.endedBy !== null) return { ruleId, regionId, ...NEVER_STARTED };

  const budget = startTimeBudget(timeoutMs, "TIMEOUT", deadline);
  const startedMs = performance.now();
  let attempts = 0;
  const evidenceOf = (exchange: Exchange): Evidence => ({
    requestId: exchange.requestId,
    endpoint: exchange.endpoint,
    httpStatus: exchange.httpStatus,
    attempts,
    checkedAt: isoTime(clock()),
    durationMs: Math.round(performance.now() - startedMs),
  });
  try {
    const { status, reason, exchange } = await retry(
      (attempt, limit) => {
        attempts = attempt;
        return rule.evaluate(cloud, regionId, limit);
      },
      policy,
      budget,
      attemptTimeoutMs,
    );
    const evidence = evidenceOf(exchange);
    return { ruleId, regionId, status, reason, evidence, hostResolved: true };
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    const { code, message, exchange, hostResolved } = error;
    return {
      ruleId,
      regionId,
      status: "INSUFFICIENT_DATA",
      reason: { code, message },
      evidence: evidenceOf(exchange),
      hostResolved,
    };
  } finally {
    budget.release();
  }
}

let written = { ms: NaN, text: "" };

/** Answers come in bursts, and to write a time takes long: those of one millisecond share it. */
function isoTime(time: Date): string {
  const ms = time.getTime();
  if (ms !== written.ms) written = { ms, text: time.toISOString() };
  return written.text;
}

const NEVER_STARTED: Omit<Outcome, "ruleId" | "regionId"> = {
  status: "INSUFFICIENT_DATA",
  reason: {
    code: "DEADLINE_EXCEEDED",
    message: "The run's deadline struck before the region was asked.",
  },
  evidence: NO_EVIDENCE,
  hostResolved: undefined,
};
