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

/** Characters of a message: healthchecks keeps up to 100 kB of a body. */
const MAX_REASON = 10_000;

/** The body of a ping. Contains no secret. */
export interface HeartbeatPayload {
  /** A UUID. */
  readonly runId: string;
  readonly outcome: "started" | "done" | "failed";
  /** The counts of a run that succeeded. */
  readonly summary?: Summary;
  /** The head of the chain of evidence, where the report was kept: SHA-256 of its manifest, in hex. */
  readonly evidence?: { readonly manifestSha256: string };
  /** The error of a run that failed: its name, and a sentence. */
  readonly error?: string;
  readonly message?: string;
}

export interface PingOptions {
  readonly transport: Transport;
  /** The time budget of the whole run, where that is limited. */
  readonly within?: TimeBudget | undefined;
  /** @default {@link HEARTBEAT_RETRY_POLICY} */
  readonly retryPolicy?: RetryPolicy;
}

/**
 * Reports the end of a run to a watchdog: posts to its address, or to `/fail` below it for a run that
 * failed. The watchdog detects a missing run by itself.
 *
 * @param address - a secret, like a password
 * @throws `DeliveryError` when no attempt was accepted within 30 s
 * @see https://healthchecks.io/docs/http_api/
 */
export async function ping(
  address: string,
  payload: HeartbeatPayload,
  { transport, within, retryPolicy = HEARTBEAT_RETRY_POLICY }: PingOptions,
): Promise<void> {
  const budget = startTimeBudget(TIMEOUT_MS, "TIMEOUT", within);
  try {
    await retry(() => tryOnce(address, payload, transport, budget), retryPolicy, budget);
  } finally {
    budget.release();
  }
}

/** The ping at the start of a run, which the run does not wait for. */
export interface StartPing {
  /** Abandons it where it has no answer yet. */
  cancel(): void;
}

/**
 * Reports the start of a run to a watchdog at `/start`, so that it can measure the duration of runs
 * and detect one that hangs. One attempt, whose outcome is ignored.
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
  payload: HeartbeatPayload,
  transport: Transport,
  budget: TimeBudget,
): Promise<void> {
  const attempt = startTimeBudget(ATTEMPT_TIMEOUT_MS, "TIMEOUT", budget);
  const { message, ...rest } = payload;
  const body = JSON.stringify({
    ...rest,
    ...(message !== undefined && { message: message.slice(0, MAX_REASON) }),
  });
  const url = urlOf(address, payload);
  try {
    assertDelivered(await post({ url, body, dropsRepeats: true, budget: attempt }, transport));
  } finally {
    attempt.release();
  }
}

const PATHS = { started: "/start", done: "", failed: "/fail" } as const;

/** Adds the run's id to the query: by it the watchdog matches an end with its start. */
function urlOf(address: string, { runId, outcome }: HeartbeatPayload): string {
  const url = new URL(address);
  if (outcome !== "done") url.pathname = url.pathname.replace(/\/?$/, PATHS[outcome]);
  if (!url.searchParams.has("rid")) {
    // As text, since `searchParams.set` would re-encode the other parameters.
    url.search = [url.search.slice(1), `rid=${runId}`].filter((part) => part !== "").join("&");
  }
  return url.href;
}
