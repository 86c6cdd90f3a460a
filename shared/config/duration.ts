const UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof UNITS_MS;

/**
 * Reads a duration such as `200ms`, `10s`, `5m`, `24h` or `7d`.
 *
 * @returns milliseconds, or null when the text is not a duration
 */
export function parseDuration(text: string): number | null {
  const [, count, unit = ""] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(text.trim()) ?? [];
  return isUnit(unit) ? Number(count) * UNITS_MS[unit] : null;
}

function isUnit(text: string): text is Unit {
  return Object.hasOwn(UNITS_MS, text);
}

/** Writes milliseconds in the largest unit that gives a whole number. */
export function formatDuration(durationMs: number): string {
  const units: readonly Unit[] = ["d", "h", "m", "s"];
  const unit = units.find((candidate) => durationMs % UNITS_MS[candidate] === 0) ?? "ms";
  return `${durationMs / UNITS_MS[unit]}${unit}`;
}
