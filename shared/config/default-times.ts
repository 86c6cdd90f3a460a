/** The deadline in milliseconds where nothing else sets one: a function has its own time-out. */
export const DEFAULT_DEADLINE_MS = 300_000;

/**
 * The limit of one attempt where nothing else sets one: a third of the region's time, so that an
 * attempt that is never answered leaves time for another one.
 *
 * @param timeoutMs - milliseconds of the region
 * @returns milliseconds
 */
export function defaultAttemptTimeoutMs(timeoutMs: number): number {
  return Math.ceil(timeoutMs / 3);
}
