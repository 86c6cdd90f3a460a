import { DeliveryError } from "../delivery-error.ts";
import {
  assertOk,
  isTransient,
  rejectedError,
  retryAfterMsOf,
  statusError,
  unconfirmedError,
} from "./judge-status.ts";
import type { ReceiverAnswer } from "./receiver-answer.ts";

/** What a vendor's error code means for the delivery. */
export interface CodeFailure {
  /**
   * `"WAIT"`: too many messages, and another attempt would be one more of them. `"BACK_OFF"`: too
   * many messages, and a later attempt may succeed. `"BUSY"`: a transient fault at the vendor.
   */
  readonly kind: "WAIT" | "BACK_OFF" | "BUSY" | "PERMANENT" | "TOO_LONG";
  /** The end of a sentence: the cause, and what to do about it. */
  readonly advice: string;
}

/** The failure for a code after which the same message is never accepted. */
export function permanentFailure(advice: string): CodeFailure {
  return { kind: "PERMANENT", advice };
}

/** The failure for a code of a transient fault at the vendor. */
export const BUSY: CodeFailure = { kind: "BUSY", advice: "it is busy or has a fault of its own" };

/** Where a vendor that answers in JSON has its code, and what its codes mean. */
export interface VendorCodes {
  /** The vendor's name of the code's field. */
  readonly field: string;
  /** The code in the answer; 0, as a number or as text, is success. */
  codeOf(fields: Readonly<Record<string, unknown>>): unknown;
  /** Undefined for a code that is not known. */
  failureOf(code: string, fields: Readonly<Record<string, unknown>>): CodeFailure | undefined;
}

/**
 * Judges an answer by the vendor's own code. A 2xx without a code is no success: gateways answer that
 * way, and so do the vendors' edge servers when they block an address.
 *
 * @throws {@link DeliveryError} when the code is not 0, or there is none
 */
export function assertAcceptedByCode(answer: ReceiverAnswer, codes: VendorCodes): void {
  if (answer.status >= 300 && answer.status < 400) throw statusError(answer);
  const fields = readFields(answer.text);
  const code = readCode(codes.codeOf(fields));
  if (code !== null && code !== "0") throw codeError(answer, codes, code, fields);
  assertOk(answer);
  if (code === "0") return;
  throw unconfirmedError(
    answer,
    `answered HTTP ${answer.status} without ${codes.field}: delivery is not confirmed. Check the address, and whether something stands between.`,
  );
}

function codeError(
  answer: ReceiverAnswer,
  codes: VendorCodes,
  code: string,
  fields: Readonly<Record<string, unknown>>,
): DeliveryError {
  const { host, status: httpStatus } = answer;
  const failure = codes.failureOf(code, fields);
  if (failure === undefined) {
    if (isTransient(answer)) return statusError(answer);
    return rejectedError(
      answer,
      `refused the message: ${codes.field} ${code}. See what the vendor says of it.`,
    );
  }
  const message = `${host} refused the message: ${codes.field} ${code}, ${failure.advice}.`;
  const final = { retryable: "never", httpStatus } as const;
  const retryAfterMs = retryAfterMsOf(answer);
  const transient = { retryable: "always", retryAfterMs, httpStatus } as const;
  switch (failure.kind) {
    case "WAIT":
      return new DeliveryError("THROTTLED", message, final);
    case "BACK_OFF":
      return new DeliveryError("THROTTLED", message, transient);
    case "BUSY":
      return new DeliveryError("SERVER_ERROR", message, transient);
    case "TOO_LONG":
      return new DeliveryError("TOO_LONG", message, final);
    case "PERMANENT":
      return new DeliveryError("REJECTED", message, final);
  }
}

/** The fields of a JSON object; none where the text is something else. */
function readFields(text: string): Readonly<Record<string, unknown>> {
  try {
    return { ...Object(JSON.parse(text)) };
  } catch {
    return {};
  }
}

/** A code is shown in messages, so only up to ten digits count as one. */
function readCode(code: unknown): string | null {
  const text = typeof code === "number" ? String(code) : code;
  return typeof text === "string" && /^-?\d{1,10}$/.test(text) ? text : null;
}
