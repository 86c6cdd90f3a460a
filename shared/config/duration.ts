const UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof UNITS_MS;

/**
 * Reads a duration such as `200ms`, `10s`, `5m`, `24h` or `7d`.
 *
 * @returns milliseconds, or null when the text is none
 */
export function parseDuration(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim());
  if (match === null) return null;
  return Number(match[1]) * UNITS_MS[match[2] as Unit];
}

/** Writes milliseconds in the largest unit that gives a whole number. */
export function formatDuration(durationMs: number): string {
  const units: readonly Unit[] = ["d", "h", "m", "s"];
  const unit = units.find((candidate) => durationMs % UNITS_MS[candidate] === 0) ?? "ms";
  return `${durationMs / UNITS_MS[unit]}${unit}`;
}
