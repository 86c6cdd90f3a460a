import type { Summary } from "../audit/report.ts";
import type { Transport } from "../http/transport.ts";
import { retry, type RetryPolicy } from "../retry/retry.ts";
import { startTimeBudget, type TimeBudget } from "../retry/time-budget.ts";
import { assertDelivered } from "./answer/assert-delivered.ts";
import { post } from "./post.ts";

/** Five attempts, with waits of up to 0.5, 1, 2 and 4 s. */
export const HEARTBEAT_RETRY_POLICY: RetryPolicy = {
  maxAttempts: 5,
  baseDelayMs: 500,
  maxDelayMs: 4_000,
};

/** For all attempts together. */
const TIMEOUT_MS = 30_000;
const ATTEMPT_TIMEOUT_MS = 10_000;

/** Characters of a reason: healthchecks shows up to 100 kB of a body. */
const MAX_REASON = 10_000;

/** What a watchdog is told of a run. Holds no secret. */
export interface HeartbeatPayload {
  /** A UUID. */
  readonly runId: string;
  readonly outcome: "started" | "done" | "failed";
  /** What a run that did its job has counted. */
  readonly summary?: Summary;
  /** Of a run that failed: the error's name, and a sentence for a person. */
  readonly error?: string;
  readonly message?: string;
}

export interface PingOptions {
  readonly transport: Transport;
  /** The time of the whole run, where that is limited. */
  readonly within?: TimeBudget | undefined;
  /** @default {@link HEARTBEAT_RETRY_POLICY} */
  readonly retryPolicy?: RetryPolicy;
}

/**
 * Tells a watchdog that a run has ended: posts to its address, and to `/fail` below it for a run that
 * failed. A run that never takes place is what the watchdog then notices by itself.
 *
 * @param address - as good as a password
 * @throws `DeliveryError` when no attempt was taken within 30 s
 * @see https://healthchecks.io/docs/http_api/
 */
export async function ping(
  address: string,
  life: HeartbeatPayload,
  { transport, within, retryPolicy = HEARTBEAT_RETRY_POLICY }: PingOptions,
): Promise<void> {
  const budget = startTimeBudget(TIMEOUT_MS, "TIMEOUT", within);
  try {
    await retry(() => tryOnce(address, life, transport, budget), retryPolicy, budget);
  } finally {
    budget.release();
  }
}

/** A ping that nobody waits for. */
export interface StartPing {
  /** Gives it up where it has no answer yet. */
  cancel(): void;
}

/**
 * Tells a watchdog at `/start` that a run begins, so that it can say how long runs take, and notices
 * one that hangs. One attempt, of which nobody learns whether it was taken.
 *
 * @see https://healthchecks.io/docs/measuring_script_run_time/
 */
export function pingStart(
  address: string,
  runId: string,
  { transport, within }: PingOptions,
): StartPing {
  const budget = startTimeBudget(ATTEMPT_TIMEOUT_MS, "TIMEOUT", within);
  tryOnce(address, { runId, outcome: "started" }, transport, budget)
    .catch(() => {})
    .finally(() => budget.release());
  return { cancel: () => budget.cancel() };
}

async function tryOnce(
  address: string,
  life: HeartbeatPayload,
  transport: Transport,
  budget: TimeBudget,
): Promise<void> {
  const attempt = startTimeBudget(ATTEMPT_TIMEOUT_MS, "TIMEOUT", budget);
  const { message, ...rest } = life;
  const body = JSON.stringify({
    ...rest,
    ...(message !== undefined && { message: message.slice(0, MAX_REASON) }),
  });
  const url = urlOf(address, life);
  try {
    assertDelivered(await post({ url, body, dropsRepeats: true, budget: attempt }, transport));
  } finally {
    attempt.release();
  }
}

const PATHS = { started: "/start", done: "", failed: "/fail" } as const;

/** The run's id joins the query, by which the watchdog knows which end belongs to which start. */
function urlOf(address: string, { runId, outcome }: HeartbeatPayload): string {
  const url = new URL(address);
  if (outcome !== "done") url.pathname = url.pathname.replace(/\/?$/, PATHS[outcome]);
  if (!url.searchParams.has("rid")) {
    // As text: setting a parameter would write the others anew.
    url.search = [url.search.slice(1), `rid=${runId}`].filter((part) => part !== "").join("&");
  }
  return url.href;
}
