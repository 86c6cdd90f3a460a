/** @see https://nodejs.org/docs/latest-v20.x/api/errors.html#common-system-errors */
const TRANSIENT = new Set([
  "EAI_AGAIN",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPIPE",
  "ETIMEDOUT",
]);

/** Whether a connection that failed with this system error code may succeed when it is retried. */
export function isTransientFault(code: string): boolean {
  return TRANSIENT.has(code);
}
