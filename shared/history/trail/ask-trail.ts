import { CallError } from "../../audit/call-error.ts";
import type { FailureCode } from "../../audit/finding.ts";
import {
  FLOW_LOG_EVENTS,
  type Trail,
  type TrailEvent,
  type TrailQuery,
} from "../../audit/trail.ts";
import { Pace } from "../../retry/pace.ts";
import { RegionGate } from "../../retry/region-gate.ts";
import { retry, type RetryPolicy } from "../../retry/retry.ts";
import { startTimeBudget, type TimeBudget } from "../../retry/time-budget.ts";
import { readTokenPages } from "../../run/read-pages.ts";

/** Calls of LookupEvents that the service takes in a second. */
const CALLS_PER_SECOND = 2;
/** Milliseconds for the events of one name in one region, the waits for the pace not included. */
const QUERY_TIMEOUT_MS = 60_000;
const ATTEMPT_TIMEOUT_MS = 10_000;
const RETRY_POLICY: RetryPolicy = {
  maxAttempts: 3,
  maxThrottledAttempts: 10,
  baseDelayMs: 500,
  maxDelayMs: 5_000,
};

/** A region whose events could not be read, or not all of them. */
export interface TrailFailure {
  readonly regionId: string;
  readonly code: FailureCode;
  readonly message: string;
}

/** What ActionTrail says. */
export interface TrailAnswer {
  /** The oldest first, each once. */
  readonly events: readonly TrailEvent[];
  readonly failures: readonly TrailFailure[];
}

export interface AskTrailOptions {
  /** Ends all calls. */
  readonly deadline: TimeBudget;
  /** @default what the service takes */
  readonly callsPerSecond?: number;
  /** Called before each query, with the number of those before it and of all. */
  readonly onQuery?: (done: number, all: number) => void;
}

/**
 * Asks ActionTrail who changed flow logs: one name of an event and one region a query, since a query takes
 * one condition. A refusal is the same in every region, so that the others are not asked after one.
 *
 * @param times - at most 90 days
 */
export async function askTrail(
  trail: Trail,
  regionIds: readonly string[],
  times: Pick<TrailQuery, "fromMs" | "toMs">,
  { deadline, callsPerSecond = CALLS_PER_SECOND, onQuery }: AskTrailOptions,
): Promise<TrailAnswer> {
  const pace = new Pace(deadline, { maxPerSecond: callsPerSecond });
  const events = new Map<string, TrailEvent>();
  const failures: TrailFailure[] = [];
  let refusal: CallError | null = null;
  for (const [index, regionId] of regionIds.entries()) {
    for (const [place, eventName] of FLOW_LOG_EVENTS.entries()) {
      const names = FLOW_LOG_EVENTS.length;
      onQuery?.(index * names + place, regionIds.length * names);
      const query = { regionId, eventName, ...times };
      const answer: readonly TrailEvent[] | CallError =
        refusal ?? (await lookUp(trail, query, pace, deadline));
      if (answer instanceof CallError) {
        const { code, message } = answer;
        failures.push({ regionId, code, message });
        if (code === "ACCESS_DENIED" || code === "CREDENTIALS_INVALID") refusal = answer;
        break;
      }
      for (const event of answer) events.set(event.eventId, event);
    }
  }
  return { events: [...events.values()].toSorted(byTime), failures };
}

async function lookUp(
  trail: Trail,
  query: TrailQuery,
  pace: Pace,
  deadline: TimeBudget,
): Promise<readonly TrailEvent[] | CallError> {
  const budget = startTimeBudget(QUERY_TIMEOUT_MS, "TIMEOUT", deadline);
  const gate = new RegionGate(pace, budget);
  try {
    const { value } = await readTokenPages(
      (token) =>
        retry(
          (_attempt, limit) => trail.lookUpEvents(query, token, limit),
          RETRY_POLICY,
          budget,
          ATTEMPT_TIMEOUT_MS,
          gate,
        ),
      ({ eventId }) => eventId,
    );
    return value;
  } catch (error) {
    if (error instanceof CallError) return error;
    throw error;
  } finally {
    budget.release();
  }
}

function byTime(a: TrailEvent, b: TrailEvent): number {
  return Date.parse(a.at) - Date.parse(b.at);
}
