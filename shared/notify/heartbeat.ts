import type { Summary } from "../audit/report.ts";
import { retry, type RetryPolicy } from "../retry.ts";
import { startTimeBudget, type TimeBudget } from "../time-budget.ts";
import { assertDelivered } from "./answer/reports-failure.ts";
import { post } from "./post.ts";

/** Two attempts: the time that a run keeps for this is short. */
const RETRY_POLICY: RetryPolicy = { maxAttempts: 2, baseDelayMs: 200, maxDelayMs: 500 };
const TIMEOUT_MS = 5_000;
const ATTEMPT_TIMEOUT_MS = 2_000;

/** How a run ended, for whoever watches that runs take place. Holds no secret. */
export interface Life {
  readonly runId: string;
  readonly outcome: "done" | "failed";
  /** What a run that did its job has counted. */
  readonly summary?: Summary;
}

/**
 * Tells a watchdog that a run has ended: posts to its address, and to `/fail` below it for a run that
 * failed. A run that never takes place is what the watchdog then notices by itself.
 *
 * @param address - as good as a password
 * @throws `DeliveryError` when the watchdog does not answer 2xx within 5 s
 * @see https://healthchecks.io/docs/http_api/
 */
export async function ping(address: string, life: Life, within?: TimeBudget): Promise<void> {
  const url = new URL(address);
  if (life.outcome === "failed") url.pathname = `${url.pathname.replace(/\/$/, "")}/fail`;
  const body = JSON.stringify(life);
  const budget = startTimeBudget(TIMEOUT_MS, "TIMEOUT", within);
  try {
    await retry(
      async () => {
        const attempt = startTimeBudget(ATTEMPT_TIMEOUT_MS, "TIMEOUT", budget);
        try {
          const { signal } = attempt;
          assertDelivered(await post({ url: url.href, body, dropsRepeats: true, signal }));
        } finally {
          attempt.release();
        }
      },
      RETRY_POLICY,
      budget,
    );
  } finally {
    budget.release();
  }
}
