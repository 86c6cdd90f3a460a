/**
 * Formats a time to the minute, as `2026-11-22 08:17`.
 *
 * @param timeMs - milliseconds since the epoch
 * @param offsetHours - of the time zone, ahead of UTC
 */
export function formatMinute(timeMs: number, offsetHours = 0): string {
  const clock = new Date(timeMs + offsetHours * 3_600_000);
  return clock.toISOString().slice(0, 16).replace("T", " ");
}
