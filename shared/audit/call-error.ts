import { AttemptError, type AttemptErrorOptions, type Retryable } from "./attempt-error.ts";
import type { Exchange, FailureCode } from "./finding.ts";

export interface CallErrorOptions extends Omit<AttemptErrorOptions, "throttled"> {
  readonly exchange: Exchange;
  /** Whether the host's name was resolved; undefined where that is not known. */
  readonly hostResolved?: boolean | undefined;
  /** The service's own error code. @default null */
  readonly serviceCode?: string | null;
}

/**
 * A call to the cloud that gave no usable answer, classified by the adapter that made it. The message
 * contains only codes and hosts, since the text of a server may contain keys.
 */
export class CallError extends AttemptError {
  override readonly name = "CallError";
  readonly code: FailureCode;
  readonly exchange: Exchange;
  readonly hostResolved: boolean | undefined;
  /** The service's own error code; null where it gave none. */
  readonly serviceCode: string | null;

  constructor(code: FailureCode, message: string, options: CallErrorOptions) {
    super(message, { ...options, throttled: code === "THROTTLED" });
    this.code = code;
    this.exchange = options.exchange;
    this.hostResolved = options.hostResolved;
    this.serviceCode = options.serviceCode ?? null;
  }

  /** The same failure with another code, description or decision about another attempt. */
  with({
    code = this.code,
    message = this.message,
    retryable = this.retryable,
  }: {
    readonly code?: FailureCode;
    readonly message?: string;
    readonly retryable?: Retryable;
  }): CallError {
    const { exchange, retryAfterMs, hostResolved, serviceCode } = this;
    const kept = { exchange, retryAfterMs, hostResolved, serviceCode };
    return new CallError(code, message, { ...kept, retryable, cause: this });
  }
}
