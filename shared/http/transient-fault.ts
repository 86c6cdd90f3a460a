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

/** Whether a connection that failed with this code of the system may succeed the next time. */
export function isTransientFault(code: string): boolean {
  return TRANSIENT.has(code);
}
