/** A day, in milliseconds. */
export const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** No clock was ever further from UTC than this. */
const MAX_OFFSET_MS = 16 * HOUR_MS;

/** Less than the time between two changes of a zone's clocks. */
const SAMPLE_MS = 4 * HOUR_MS;

const formats = new Map<string, Intl.DateTimeFormat>();

/** How many milliseconds a zone's clocks are ahead of UTC at a moment. */
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

/** A time in which a zone's clocks are not changed. */
interface Span {
  readonly startMs: number;
  /** Not part of it. */
  readonly endMs: number;
  readonly offsetMs: number;
}

/**
 * One day on the clocks of a zone. A time on the clocks is written as the milliseconds of the same
 * time in UTC.
 */
export class ZoneDay {
  private readonly spans: readonly Span[];

  /** @param dayMs - its midnight on the clocks */
  constructor(timeZone: string, dayMs: number) {
    this.spans = spansOf(timeZone, dayMs - MAX_OFFSET_MS, dayMs + DAY_MS + MAX_OFFSET_MS);
  }

  /**
   * The moments at which the clocks show a time, in their order: none where they are set forward
   * over it, two where they are set back, else one.
   */
  momentsOf(clockMs: number): number[] {
    return this.spans
      .map(({ startMs, endMs, offsetMs }) => ({ startMs, endMs, atMs: clockMs - offsetMs }))
      .filter(({ startMs, endMs, atMs }) => startMs <= atMs && atMs < endMs)
      .map(({ atMs }) => atMs);
  }

  /** The moment at which the clocks are set forward over a time that they do not show. */
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

/** The first moment after a change of the clocks that is known to lie between two. */
function changeBetween(timeZone: string, beforeMs: number, afterMs: number): number {
  const offsetMs = offsetAt(timeZone, beforeMs);
  while (afterMs - beforeMs > 1) {
    const middleMs = Math.floor((beforeMs + afterMs) / 2);
    if (offsetAt(timeZone, middleMs) === offsetMs) beforeMs = middleMs;
    else afterMs = middleMs;
  }
  return afterMs;
}
