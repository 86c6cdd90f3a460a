import { CallError } from "../audit/call-error.ts";
import type { Cloud } from "../audit/cloud.ts";
import {
  type Evidence,
  type Exchange,
  NO_EVIDENCE,
  type Reason,
  type Status,
  type Verdict,
} from "../audit/finding.ts";
import type { Resource } from "../audit/subject.ts";
import { retry, type RetryPolicy } from "../retry/retry.ts";
import { startTimeBudget, type TimeBudget } from "../retry/time-budget.ts";
import type { Rule } from "../rules/rule.ts";
import { cleanText } from "../text/clean-text.ts";
import { assertVerdicts } from "./assert-verdicts.ts";

/**
 * The result of a rule for a region, or for one resource in it: a finding whose account may not be
 * known yet.
 */
export interface Evaluation {
  readonly ruleId: string;
  readonly regionId: string;
  /** Undefined where it is about the region as a whole. */
  readonly resource: Resource | undefined;
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
 * Evaluates a rule in a region, with retries. A region that could not be read is one evaluation with
 * the status `INSUFFICIENT_DATA` and the reason, whatever resources there are.
 *
 * @returns one evaluation for each verdict of the rule; not empty
 * @throws `Error` when the rule breaks its contract, see {@link assertVerdicts}
 */
export async function evaluateRegion(
  rule: Rule,
  cloud: Cloud,
  regionId: string,
  { policy, timeoutMs, attemptTimeoutMs, deadline, clock }: EvaluateOptions,
): Promise<readonly Evaluation[]> {
  const ruleId = rule.id;
  if (deadline.endedBy !== null) return [{ ruleId, regionId, ...NEVER_ASKED }];

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
    const verdicts = await retry(
      (attempt, limit) => {
        attempts = attempt;
        return rule.evaluate(cloud, regionId, limit);
      },
      policy,
      budget,
      attemptTimeoutMs,
    );
    assertVerdicts(verdicts, ruleId, regionId);
    return evaluationsOf(verdicts, ruleId, regionId, evidenceOf);
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    const { code, message, exchange, hostResolved } = error;
    return [
      {
        ruleId,
        regionId,
        resource: undefined,
        status: "INSUFFICIENT_DATA",
        reason: { code, message },
        evidence: evidenceOf(exchange),
        hostResolved,
      },
    ];
  } finally {
    budget.release();
  }
}

/** Bytes of a resource's name: more than 128 characters of any script. */
const MAX_NAME_BYTES = 512;

/** Neighbours that rest on one exchange share its evidence: a region may have thousands of resources. */
function evaluationsOf(
  verdicts: readonly Verdict[],
  ruleId: string,
  regionId: string,
  evidenceOf: (exchange: Exchange) => Evidence,
): Evaluation[] {
  let last: Exchange | null = null;
  let evidence = NO_EVIDENCE;
  return verdicts.map(({ status, reason, exchange, resource }): Evaluation => {
    if (exchange !== last) evidence = evidenceOf(exchange);
    last = exchange;
    const about = resource && withCleanName(resource);
    return { ruleId, regionId, resource: about, status, reason, evidence, hostResolved: true };
  });
}

/**
 * The resource with its name as one line of what can be seen: owners may call it anything, and a report
 * with control or format characters is not read elsewhere.
 */
function withCleanName(resource: Resource): Resource {
  const { name, ...ids } = resource;
  return name === undefined ? resource : { ...ids, name: cleanText(name, MAX_NAME_BYTES) };
}

let written = { ms: NaN, text: "" };

/** Answers come in bursts, and formatting a time is slow: those of one millisecond share the text. */
function isoTime(time: Date): string {
  const ms = time.getTime();
  if (ms !== written.ms) written = { ms, text: time.toISOString() };
  return written.text;
}

const NEVER_ASKED: Omit<Evaluation, "ruleId" | "regionId"> = {
  resource: undefined,
  status: "INSUFFICIENT_DATA",
  reason: {
    code: "DEADLINE_EXCEEDED",
    message: "The run's deadline struck before the region was asked.",
  },
  evidence: NO_EVIDENCE,
  hostResolved: undefined,
};
