import { assertOk, rejectedError } from "./judge-status.ts";
import type { ReceiverAnswer } from "./receiver-answer.ts";
import { reportsFailure } from "./reports-failure.ts";

/**
 * Judges an answer of a receiver that has no codes of its own, by its status and its body.
 *
 * @throws `DeliveryError` when the status is not 2xx, or the body reports a failure
 */
export function assertDelivered(answer: ReceiverAnswer): void {
  assertOk(answer);
  if (!reportsFailure(answer)) return;
  throw rejectedError(
    answer,
    `answered HTTP ${answer.status}, but with a web page or a body that reports an error. Check the address, what the receiver says, and whether something stands between.`,
  );
}
