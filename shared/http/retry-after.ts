/**
 * Reads a `Retry-After` header: a number of seconds, or a date.
 *
 * @returns milliseconds from now, at least 0; undefined when the header is missing or invalid
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function parseRetryAfter(value: string | null | undefined): number | undefined {
  if (value === null || value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  const at = value.endsWith(" GMT") ? Date.parse(value) : NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
