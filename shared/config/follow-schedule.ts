import { descriptorOf, OWN_OPTIONS } from "../notify/receivers.ts";
import { longestGapMs } from "../schedule/longest-gap.ts";
import type { Config } from "./config.ts";
import { formatDuration } from "./duration.ts";

/** An alert outlives two runs in a row that fail to renew it. */
const GAPS = 3;

/** How late a run may renew an alert: it takes its time, and a change of the clocks adds an hour. */
const LATE_MS = 70 * 60_000;

/**
 * Lets alerts at an Alertmanager last three times as long as the schedule leaves between two runs,
 * where the configuration does not say how long.
 *
 * @param schedule - one that `parseSchedule` takes
 */
export function followSchedule(config: Config, schedule: string): Config {
  if (!config.alerts.receivers.some(lacksValidFor)) return config;
  const validForMs = GAPS * longestGapMs(schedule);
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
 * Says which alerts at an Alertmanager would end between two runs, and fire again in the next.
 *
 * @param gapMs - the longest time between two runs, in milliseconds
 */
export function problemsOfValidFor({ alerts }: Config, gapMs: number): string[] {
  const leastMs = gapMs + Math.min(gapMs, LATE_MS);
  return alerts.receivers.flatMap(({ type, validForMs = OWN_OPTIONS.validFor.defaultMs }, index) =>
    !hasValidFor(type) || validForMs >= leastMs
      ? []
      : [
          `alerts.receivers[${index}].validFor: is ${formatDuration(validForMs)}, so alerts would end between two runs, which lie up to ${formatDuration(gapMs)} apart: write at least ${formatDuration(leastMs)}`,
        ],
  );
}
