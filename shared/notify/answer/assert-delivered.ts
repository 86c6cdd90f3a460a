import type { Answer } from "../post.ts";
import { assertOk, refusal } from "./judge-status.ts";
import { reportsFailure } from "./reports-failure.ts";

/**
 * Judges an answer of a receiver that has no code of its own: by the status, and by what the body
 * says.
 *
 * @throws `DeliveryError` when the status is not 2xx, or the body reports a failure
 */
export function assertDelivered(answer: Answer): void {
  assertOk(answer);
  if (!reportsFailure(answer)) return;
  throw refusal(
    answer,
    `answered HTTP ${answer.status}, but with a web page or a body that reports an error. Check the address, what the receiver says, and whether something stands between.`,
  );
}
