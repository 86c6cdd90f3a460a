import type { CallError } from "../../audit/call-error.ts";
import type { HttpExchange } from "../../http/exchange.ts";
import type { CallSubject } from "./classify-answer.ts";
import { classifyFailure } from "./classify-failure.ts";

/**
 * The classified error of a call, after its connection was closed where it cannot be used again.
 *
 * @param error - what the call threw
 */
export function failedCall(
  error: unknown,
  subject: CallSubject,
  exchange: HttpExchange,
): CallError {
  const failure = classifyFailure(exchange.endedBy ?? error, subject, exchange);
  // After a malformed answer, later answers on this connection can belong to earlier requests.
  if (failure.code === "MALFORMED_RESPONSE") exchange.closeConnection();
  return failure;
}
