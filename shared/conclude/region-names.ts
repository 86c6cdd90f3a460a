import type { Change } from "../alerts/alert.ts";
import type { Language } from "../notify/receiver-options.ts";
import type { Receiver } from "../notify/receiver.ts";
import { startTimeBudget, type TimeBudget } from "../retry/time-budget.ts";

/** Names of regions in other languages: the report has one language, and receivers may have another. */
export interface RegionNames {
  /** The language of the names in the report. */
  readonly language: Language;
  /**
   * Asks the cloud once, within the time that is given.
   *
   * @returns names by region id
   */
  ask(language: Language, limit: TimeBudget): Promise<ReadonlyMap<string, string>>;
}

/** Names must not delay an alert for long: the smaller of the two. */
const ASK_TIMEOUT_MS = 3_000;
const ASK_SHARE = 0.1;

/**
 * Names regions for receivers. Each language is asked for once, and only where a message in it names a
 * region. Where the configuration has ids only, the report has no names, and none are asked for.
 *
 * @param within - the time of the delivery
 * @returns names by region id; undefined where those in the report are to be used
 */
export function nameRegions(
  names: RegionNames | undefined,
  within: TimeBudget,
): (
  receiver: Receiver,
  changes: readonly Change[],
) => Promise<ReadonlyMap<string, string> | undefined> {
  const asked = new Map<Language, Promise<ReadonlyMap<string, string> | undefined>>();
  return async ({ namesPlacesIn: language }, changes) => {
    if (names === undefined || language === undefined || language === names.language) return;
    if (changes.every(({ finding }) => finding.localName === undefined)) return;
    const answer = asked.get(language) ?? askOnce(names, language, within);
    asked.set(language, answer);
    return answer;
  };
}

/** A failure costs the names, and never the alert. */
async function askOnce(
  names: RegionNames,
  language: Language,
  within: TimeBudget,
): Promise<ReadonlyMap<string, string> | undefined> {
  const timeoutMs = Math.min(ASK_TIMEOUT_MS, within.remainingMs() * ASK_SHARE);
  const limit = startTimeBudget(timeoutMs, "TIMEOUT", within);
  try {
    return await names.ask(language, limit);
  } catch {
    return undefined;
  } finally {
    limit.release();
  }
}
