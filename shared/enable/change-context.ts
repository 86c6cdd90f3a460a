import type { Activator } from "../audit/activator.ts";
import type { Cloud } from "../audit/cloud.ts";
import type { RetryPolicy } from "../retry/retry.ts";

/** What changes are made with, and their limits. */
export interface ChangeContext {
  readonly cloud: Cloud;
  readonly activator: Activator;
  /** Retries of calls that fail. */
  readonly policy: RetryPolicy;
  /** Reads of a status until it says what was asked for, and the waits between them. */
  readonly waitPolicy: RetryPolicy;
  /** Milliseconds for one change, retries included; and as many for its confirmation. */
  readonly timeoutMs: number;
  /** Milliseconds for one attempt. */
  readonly attemptTimeoutMs: number;
  /** Aborted when the user asks to stop: what is under way is finished, and nothing else is begun. */
  readonly stop: AbortSignal;
}

/** Waits of up to 200 ms, 400 ms and so on to 3 s, for as long as the change has time. */
export const WAIT_POLICY: RetryPolicy = { maxAttempts: 1_000, baseDelayMs: 200, maxDelayMs: 3_000 };
