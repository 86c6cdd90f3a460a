/** A calendar day in UTC, as the number of days since 1970-01-01: it has no daylight saving time. */
export type UtcDay = number;

const DAY_MS = 86_400_000;

/** @param timeMs - milliseconds since the epoch */
export function dayOf(timeMs: number): UtcDay {
  return Math.floor(timeMs / DAY_MS);
}

/** The first moment of a day, in milliseconds since the epoch. */
export function startOfDay(day: UtcDay): number {
  return day * DAY_MS;
}

/** A day as `2026-11-28`. */
export function describeDay(day: UtcDay): string {
  return new Date(startOfDay(day)).toISOString().slice(0, 10);
}

/** Reads a day such as `2026-11-28`; null where there is no such day. */
export function parseDay(text: string): UtcDay | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return null;
  const timeMs = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(timeMs)) return null;
  const day = dayOf(timeMs);
  // 2026-02-30 would be March 2.
  return describeDay(day) === text ? day : null;
}
