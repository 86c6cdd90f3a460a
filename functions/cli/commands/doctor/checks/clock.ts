import type { Check } from "../check.ts";
import { ok, type Outcome, problem, skipped, warning } from "../outcome.ts";

/** The services refuse requests that are signed with a clock further off. */
const REFUSED_MS = 15 * 60_000;
/** Alerts and evidence have times that are wrong by as much. */
const NOTICEABLE_MS = 60_000;
const FIX = "Set the clock of this machine, for example with: timedatectl set-ntp true";

/** The clock of this machine, compared with the dates of the answers to all checks. */
export function clockCheck(others: readonly Check[]): Check {
  return {
    id: "clock",
    title: "Clock",
    follows: others.map(({ id }) => id),
    run: async ({ transport }) => judgeClock(transport.cloudClock.largestMs),
  };
}

/** @param differenceMs - milliseconds by which the cloud's clock is ahead; null where no answer showed it */
export function judgeClock(differenceMs: number | null): Outcome {
  if (differenceMs === null) {
    return skipped("NOT_TRIED", "Not tried: no answer of the cloud said what time it is.");
  }
  const offMs = Math.abs(differenceMs);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (offMs < 1_000) return ok(`As the cloud's. The time zone is ${zone}.`);
  const off = `${describeMs(offMs)} ${differenceMs > 0 ? "behind" : "ahead of"} the cloud's`;
  if (offMs >= REFUSED_MS) {
    return problem("CLOCK_OFF", `${off}. From 15 minutes on, requests are refused.`, {
      fix: FIX,
    });
  }
  return offMs >= NOTICEABLE_MS
    ? warning("CLOCK_OFF", `${off}. From 15 minutes on, requests are refused.`, { fix: FIX })
    : ok(`${off}. The time zone is ${zone}.`);
}

function describeMs(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
