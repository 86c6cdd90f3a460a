import { descriptorOf, OWN_OPTIONS } from "../notify/receivers.ts";
import { longestGapMs } from "../schedule/longest-gap.ts";
import type { Config } from "./config.ts";
import { formatDuration } from "./duration.ts";

/** In gaps between runs: an alert stays active when two runs in a row do not renew it. */
const VALIDITY_GAPS = 3;

/** How late a run may renew an alert: a run lasts a while, and a clock change adds an hour. */
const RENEWAL_DELAY_MS = 70 * 60_000;

/**
 * Sets how long alerts at an Alertmanager are valid, where the configuration does not: three times
 * the longest time between two runs.
 *
 * @param schedule - one that `parseSchedule` accepts
 */
export function followSchedule(config: Config, schedule: string): Config {
  if (!config.alerts.receivers.some(lacksValidFor)) return config;
  const validForMs = VALIDITY_GAPS * longestGapMs(schedule);
  const receivers = config.alerts.receivers.map((receiver) =>
    lacksValidFor(receiver) ? { ...receiver, validForMs } : receiver,
  );
  return { ...config, alerts: { ...config.alerts, receivers } };
}

type Receiver = Config["alerts"]["receivers"][number];

function lacksValidFor({ type, validForMs }: Receiver): boolean {
  return hasValidFor(type) && validForMs === undefined;
}

function hasValidFor(type: Receiver["type"]): boolean {
  return "validFor" in (descriptorOf(type).ownOptions ?? {});
}

/**
 * Finds the receivers whose alerts would end between two runs, and fire again in the next one.
 *
 * @param gapMs - the longest time between two runs, in milliseconds
 */
export function problemsOfValidFor({ alerts }: Config, gapMs: number): string[] {
  const leastMs = gapMs + Math.min(gapMs, RENEWAL_DELAY_MS);
  return alerts.receivers.flatMap(({ type, validForMs = OWN_OPTIONS.validFor.defaultMs }, index) =>
    !hasValidFor(type) || validForMs >= leastMs
      ? []
      : [
          `alerts.receivers[${index}].validFor: is ${formatDuration(validForMs)}, so alerts would end between two runs, which lie up to ${formatDuration(gapMs)} apart: write at least ${formatDuration(leastMs)}`,
        ],
  );
}
