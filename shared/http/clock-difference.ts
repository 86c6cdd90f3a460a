/** The header `date` has whole seconds. */
const RESOLUTION_MS = 1_000;

/**
 * The largest difference between the clock of a service and this machine's, as the answers of the
 * service show it: their `date` header is a clock that nobody here can set.
 */
export class ClockDifference {
  #largestMs: number | null = null;
  /** The last date and its parsed value: thousands of answers a second have the same. */
  #parsed: readonly [date: string, ms: number] = ["", Number.NaN];

  /**
   * The difference in milliseconds, positive where the service's clock is ahead; null where no answer
   * had a date. What the resolution of the header and the time of the exchange explain is no difference.
   */
  get largestMs(): number | null {
    return this.#largestMs;
  }

  /**
   * Takes note of an answer.
   *
   * @param date - the value of its header; anything that is no date is ignored
   * @param sentMs - when the request was sent, by this machine's clock, in milliseconds since the epoch
   * @param answeredMs - when the head of the answer had arrived
   */
  observe(date: string | undefined, sentMs: number, answeredMs: number): void {
    const earliestMs = this.#parse(date ?? "");
    if (Number.isNaN(earliestMs)) return;
    const latestMs = earliestMs + RESOLUTION_MS - 1;
    const aheadMs = Math.max(0, earliestMs - answeredMs);
    const behindMs = Math.min(0, latestMs - sentMs);
    const differenceMs = aheadMs + behindMs;
    if (this.#largestMs === null || Math.abs(differenceMs) > Math.abs(this.#largestMs)) {
      this.#largestMs = differenceMs;
    }
  }

  #parse(date: string): number {
    if (date !== this.#parsed[0]) this.#parsed = [date, Date.parse(date)];
    return this.#parsed[1];
  }
}
