import { DeliveryError } from "../delivery-error.ts";
import type { Answer } from "../post.ts";
import {
  assertOk,
  isPassing,
  refusal,
  statusError,
  wishedWaitMs,
  withoutReceipt,
} from "./judge-status.ts";

/** What a vendor's code means for the message. */
export interface Meaning {
  /**
   * `"WAIT"`: too many messages, and the next attempt would be one more. `"BACK_OFF"`: too many
   * messages, and a later attempt may be taken. `"BUSY"`: a fault of the vendor's that may pass.
   */
  readonly kind: "WAIT" | "BACK_OFF" | "BUSY" | "PERMANENT" | "TOO_LONG";
  /** The end of a sentence, for the person who has to act. */
  readonly advice: string;
}

/** Of a code after which the same message will never be taken. */
export function permanent(advice: string): Meaning {
  return { kind: "PERMANENT", advice };
}

/** Of a code that stands for a fault which may pass. */
export const BUSY: Meaning = { kind: "BUSY", advice: "it is busy or has a fault of its own" };

/** How a vendor that answers in JSON says whether it took a message. */
export interface CodeRule {
  /** What the vendor calls the code. */
  readonly field: string;
  /** The code as it stands in the answer; 0, as a number or as text, is success. */
  codeOf(fields: Readonly<Record<string, unknown>>): unknown;
  /** Undefined for a code that is not known. */
  meaningOf(code: string, fields: Readonly<Record<string, unknown>>): Meaning | undefined;
}

/**
 * Judges an answer by the vendor's own code. A 2xx without one is no success: so answer gateways,
 * and the vendors' edges when they block an address.
 *
 * @throws {@link DeliveryError} when the code is not 0, or there is none
 */
export function assertAcceptedByCode(answer: Answer, rule: CodeRule): void {
  if (answer.status >= 300 && answer.status < 400) throw statusError(answer);
  const fields = readFields(answer.text);
  const code = readCode(rule.codeOf(fields));
  if (code !== null && code !== "0") throw codeError(answer, rule, code, fields);
  assertOk(answer);
  if (code === "0") return;
  throw withoutReceipt(
    answer,
    `answered HTTP ${answer.status} without ${rule.field}: delivery is not confirmed. Check the address, and whether something stands between.`,
  );
}

function codeError(
  answer: Answer,
  rule: CodeRule,
  code: string,
  fields: Readonly<Record<string, unknown>>,
): DeliveryError {
  const { host, status: httpStatus } = answer;
  const meaning = rule.meaningOf(code, fields);
  if (meaning === undefined) {
    if (isPassing(answer)) return statusError(answer);
    return refusal(
      answer,
      `refused the message: ${rule.field} ${code}. See what the vendor says of it.`,
    );
  }
  const told = `${host} refused the message: ${rule.field} ${code}, ${meaning.advice}.`;
  switch (meaning.kind) {
    case "WAIT":
      return new DeliveryError("THROTTLED", told, { retryable: "never", httpStatus });
    case "BACK_OFF":
    case "BUSY": {
      const code = meaning.kind === "BUSY" ? "SERVER_ERROR" : "THROTTLED";
      const retryAfterMs = wishedWaitMs(answer);
      return new DeliveryError(code, told, { retryable: "always", retryAfterMs, httpStatus });
    }
    case "TOO_LONG":
      return new DeliveryError("TOO_LONG", told, { retryable: "never", httpStatus });
    case "PERMANENT":
      return new DeliveryError("REJECTED", told, { retryable: "never", httpStatus });
  }
}

/** The keys of a JSON object; none where the text is something else. */
function readFields(text: string): Readonly<Record<string, unknown>> {
  try {
    const answer: unknown = JSON.parse(text);
    return Array.isArray(answer) ? {} : { ...Object(answer) };
  } catch {
    return {};
  }
}

/** Digits only, for what a server writes may hold anything. */
function readCode(code: unknown): string | null {
  const text = typeof code === "number" ? String(code) : code;
  return typeof text === "string" && /^-?\d{1,10}$/.test(text) ? text : null;
}
