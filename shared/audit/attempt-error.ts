/** `"once"`: one more attempt at most, whatever the policy allows. */
export type Retryable = "never" | "once" | "always";

export interface AttemptErrorOptions extends ErrorOptions {
  readonly retryable: Retryable;
  /** Milliseconds the other side asked to wait before the next attempt. */
  readonly retryAfterMs?: number | undefined;
}

/** A failed attempt that says, classified by who made it, whether another one makes sense. */
export abstract class AttemptError extends Error {
  readonly retryable: Retryable;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: AttemptErrorOptions) {
    super(message, options);
    this.retryable = options.retryable;
    this.retryAfterMs = options.retryAfterMs;
  }
}
