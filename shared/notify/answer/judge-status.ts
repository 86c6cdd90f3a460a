import { parseRetryAfter } from "../../http/retry-after.ts";
import { DeliveryError } from "../delivery-error.ts";
import type { ReceiverAnswer } from "./receiver-answer.ts";
import { looksLikePage } from "./reports-failure.ts";

/** Whether the status is 2xx. At a chat vendor that does not mean that the message was accepted. */
function isOk({ status }: ReceiverAnswer): boolean {
  return status >= 200 && status < 300;
}

/** Whether a later attempt may succeed: 408, 425, 429 and 5xx. */
export function isTransient({ status }: ReceiverAnswer): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/**
 * How long the answer asks to wait before the next attempt. Feishu has a header of its own for it,
 * in seconds.
 *
 * @returns milliseconds; undefined where the answer does not say
 * @see https://open.feishu.cn/document/server-docs/api-call-guide/frequency-control
 */
export function retryAfterMsOf({ headers }: ReceiverAnswer): number | undefined {
  const reset = headers["x-ogw-ratelimit-reset"];
  return (
    parseRetryAfter(headers["retry-after"]) ??
    parseRetryAfter(typeof reset === "string" ? reset : undefined)
  );
}

/** @throws {@link DeliveryError} when the status is not 2xx */
export function assertOk(answer: ReceiverAnswer): void {
  if (!isOk(answer)) throw statusError(answer);
}

/**
 * The error for a message that the receiver does not accept, however often it is sent.
 *
 * @param sentence - follows the host
 */
export function rejectedError({ host, status }: ReceiverAnswer, sentence: string): DeliveryError {
  return new DeliveryError("REJECTED", `${host} ${sentence}`, {
    retryable: "never",
    httpStatus: status,
  });
}

/**
 * The error for a 2xx answer that does not confirm the delivery. The message may have arrived where
 * the answer was cut off; a whole one would be JSON, or the web page of a proxy.
 *
 * @param sentence - follows the host
 */
export function unconfirmedError(answer: ReceiverAnswer, sentence: string): DeliveryError {
  const { host, status, text } = answer;
  return new DeliveryError("REJECTED", `${host} ${sentence}`, {
    retryable: "never",
    httpStatus: status,
    mayHaveArrived: isOk(answer) && !looksLikePage(text) && !isJson(text),
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * The error for a status other than 2xx. After a gateway's 502 or 504 the message may have arrived.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-15.6.5
 */
export function statusError(answer: ReceiverAnswer): DeliveryError {
  const { host, status } = answer;
  const answered = `${host} answered HTTP ${status}`;
  const final = { retryable: "never", httpStatus: status } as const;
  if (status < 400) {
    return new DeliveryError(
      "REDIRECTED",
      `${answered}, no answer to a message: use the final address.`,
      final,
    );
  }
  if (status === 413) {
    return new DeliveryError("TOO_LONG", `${answered}: the message is too long for it.`, final);
  }
  if (!isTransient(answer)) {
    return new DeliveryError(
      "REJECTED",
      `${answered}. Check the receiver's address and secret.`,
      final,
    );
  }
  const transient = {
    retryable: "always",
    retryAfterMs: retryAfterMsOf(answer),
    httpStatus: status,
    // A gateway answers for a server behind it, which may have accepted the message.
    mayHaveArrived: status === 502 || status === 504,
  } as const;
  return status === 429
    ? new DeliveryError("THROTTLED", `${answered}: too many messages.`, transient)
    : new DeliveryError("SERVER_ERROR", `${answered}.`, transient);
}
