/** A day, in milliseconds. */
export const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** More than any offset from UTC in the tz database. */
const MAX_OFFSET_MS = 16 * HOUR_MS;

/** Shorter than the time between two clock changes of a zone. */
const SAMPLE_MS = 4 * HOUR_MS;

const formats = new Map<string, Intl.DateTimeFormat>();

/** A zone's offset from UTC at a moment, in milliseconds; positive east of Greenwich. */
export function offsetAt(timeZone: string, atMs: number): number {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
    formats.set(timeZone, format);
  }
  const name = format.formatToParts(atMs).find(({ type }) => type === "timeZoneName")?.value ?? "";
  const [, sign, hours, minutes, seconds = 0] =
    /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(name) ?? [];
  if (sign === undefined) return 0;
  const ahead = Number(hours) * HOUR_MS + Number(minutes) * 60_000 + Number(seconds) * 1_000;
  return sign === "-" ? -ahead : ahead;
}

/** A period with a constant offset from UTC. */
interface Span {
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
  readonly offsetMs: number;
}

/**
 * A local day in a time zone. Local times are represented as the milliseconds of the same time in
 * UTC.
 */
export class ZoneDay {
  private readonly spans: readonly Span[];

  /** @param dayMs - its local midnight */
  constructor(timeZone: string, dayMs: number) {
    this.spans = spansOf(timeZone, dayMs - MAX_OFFSET_MS, dayMs + DAY_MS + MAX_OFFSET_MS);
  }

  /**
   * The moments of a local time, in ascending order: none if clocks are set forward over it, two if
   * they are set back over it, else one.
   */
  momentsOf(clockMs: number): number[] {
    return this.spans
      .map(({ startMs, endMs, offsetMs }) => ({ startMs, endMs, atMs: clockMs - offsetMs }))
      .filter(({ startMs, endMs, atMs }) => startMs <= atMs && atMs < endMs)
      .map(({ atMs }) => atMs);
  }

  /** The moment of the clock change that skips a local time. */
  skippedAt(clockMs: number): number {
    const after = this.spans.find(({ startMs, offsetMs }) => startMs + offsetMs > clockMs);
    return after?.startMs ?? Infinity;
  }
}

function spansOf(timeZone: string, startMs: number, endMs: number): Span[] {
  const spans: Span[] = [];
  let span = { startMs, offsetMs: offsetAt(timeZone, startMs) };
  for (let atMs = startMs + SAMPLE_MS; atMs <= endMs; atMs += SAMPLE_MS) {
    const offsetMs = offsetAt(timeZone, atMs);
    if (offsetMs === span.offsetMs) continue;
    const changeMs = changeBetween(timeZone, atMs - SAMPLE_MS, atMs);
    spans.push({ ...span, endMs: changeMs });
    span = { startMs: changeMs, offsetMs };
  }
  return [...spans, { ...span, endMs: Infinity }];
}

/** The first moment after the clock change between two moments, found by bisection. */
function changeBetween(timeZone: string, beforeMs: number, afterMs: number): number {
  const offsetMs = offsetAt(timeZone, beforeMs);
  while (afterMs - beforeMs > 1) {
    const middleMs = Math.floor((beforeMs + afterMs) / 2);
    if (offsetAt(timeZone, middleMs) === offsetMs) beforeMs = middleMs;
    else afterMs = middleMs;
  }
  return afterMs;
}
