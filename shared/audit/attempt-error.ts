/** Whether to try again. `"once"`: one more attempt at most, whatever the policy allows. */
export type Retryable = "never" | "once" | "always";

export interface AttemptErrorOptions extends ErrorOptions {
  readonly retryable: Retryable;
  /** Milliseconds that the peer asked to wait before the next attempt. */
  readonly retryAfterMs?: number | undefined;
  /** Whether the peer is fine, and asked too often only. @default false */
  readonly throttled?: boolean;
}

/** A failed attempt, classified by the adapter that made it; it says whether to try again. */
export abstract class AttemptError extends Error {
  readonly retryable: Retryable;
  readonly retryAfterMs: number | undefined;
  readonly throttled: boolean;

  constructor(message: string, options: AttemptErrorOptions) {
    super(message, options);
    this.retryable = options.retryable;
    this.retryAfterMs = options.retryAfterMs;
    this.throttled = options.throttled ?? false;
  }
}
