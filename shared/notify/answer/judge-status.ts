import { parseRetryAfter } from "../../http/retry-after.ts";
import { DeliveryError } from "../delivery-error.ts";
import type { Answer } from "../post.ts";
import { looksLikePage } from "./reports-failure.ts";

/** Whether HTTP itself says that the message was taken. Chat vendors mean nothing by it. */
function isOk({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/** Whether a later attempt may fare better: 408, 425, 429 and 5xx. */
export function isPassing({ status }: Answer): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

/**
 * Milliseconds that the answer asks to wait, if it does. Feishu has a header of its own, in seconds.
 *
 * @see https://open.feishu.cn/document/server-docs/api-call-guide/frequency-control
 */
export function wishedWaitMs({ headers }: Answer): number | undefined {
  const reset = headers["x-ogw-ratelimit-reset"];
  return (
    parseRetryAfter(headers["retry-after"]) ??
    parseRetryAfter(typeof reset === "string" ? reset : undefined)
  );
}

/** @throws {@link DeliveryError} when the status is not 2xx */
export function assertOk(answer: Answer): void {
  if (!isOk(answer)) throw statusError(answer);
}

/** A message that this receiver will never take as it is. */
export function refusal({ host, status }: Answer, sentence: string): DeliveryError {
  return new DeliveryError("REJECTED", `${host} ${sentence}`, {
    retryable: "never",
    httpStatus: status,
  });
}

/**
 * A 2xx answer that is not the receiver's own word for success. It may have been that, where it was
 * cut off: a whole one would be JSON, or a web page of something that stands between.
 */
export function withoutReceipt(answer: Answer, sentence: string): DeliveryError {
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
 * The failure that a status other than 2xx stands for. A gateway that got no answer (502, 504) does
 * not know whether the message was taken.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-15.6.5
 */
export function statusError(answer: Answer): DeliveryError {
  const { host, status } = answer;
  const told = `${host} answered HTTP ${status}`;
  const final = { retryable: "never", httpStatus: status } as const;
  if (status < 400) {
    return new DeliveryError(
      "REDIRECTED",
      `${told}, no answer to a message: use the final address.`,
      final,
    );
  }
  if (status === 413) {
    return new DeliveryError("TOO_LONG", `${told}: the message is too long for it.`, final);
  }
  if (!isPassing(answer)) {
    return new DeliveryError(
      "REJECTED",
      `${told}. Check the receiver's address and secret.`,
      final,
    );
  }
  const passing = {
    retryable: "always",
    retryAfterMs: wishedWaitMs(answer),
    httpStatus: status,
    // A gateway speaks for somebody behind it, who may have the message.
    mayHaveArrived: status === 502 || status === 504,
  } as const;
  return status === 429
    ? new DeliveryError("THROTTLED", `${told}: too many messages.`, passing)
    : new DeliveryError("SERVER_ERROR", `${told}.`, passing);
}
