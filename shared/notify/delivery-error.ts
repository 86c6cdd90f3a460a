import { AttemptError, type AttemptErrorOptions } from "../audit/attempt-error.ts";

/** Why a receiver did not accept an alert. */
export type DeliveryFailureCode =
  | "REJECTED"
  | "REDIRECTED"
  | "THROTTLED"
  /** Longer than the receiver's limit: the alert is split into shorter messages. */
  | "TOO_LONG"
  | "SERVER_ERROR"
  | "TIMEOUT"
  | "UNREACHABLE";

export interface DeliveryErrorOptions extends AttemptErrorOptions {
  readonly httpStatus: number | null;
  /** Whether the message may have been accepted all the same. @default false */
  readonly mayHaveArrived?: boolean;
}

/**
 * A failed attempt to deliver a message. The error's message names at most the host, since the rest of
 * an address is a secret.
 */
export class DeliveryError extends AttemptError {
  override readonly name = "DeliveryError";
  readonly code: DeliveryFailureCode;
  readonly httpStatus: number | null;
  readonly mayHaveArrived: boolean;

  constructor(code: DeliveryFailureCode, message: string, options: DeliveryErrorOptions) {
    super(message, options);
    this.code = code;
    this.httpStatus = options.httpStatus;
    this.mayHaveArrived = options.mayHaveArrived ?? false;
  }
}
