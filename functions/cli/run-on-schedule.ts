import { schedule as scheduleCron } from "node-cron";

import type { Schedule } from "../../shared/schedule.ts";

/** Runs that are due one after another. */
export interface ScheduledRuns {
  /** Starts no further run, and resolves when the one under way has ended. */
  stop(): Promise<void>;
}

/**
 * Starts a job whenever it is due. A run that is still under way when the next one is due is left
 * alone, and that next one is skipped: runs never overlap.
 *
 * @param job - must not reject
 * @param onSkipped - told of each run that is skipped, or that the process was too busy to begin
 * @param now - whether to begin with a run at once
 */
export function runOnSchedule(
  schedule: Schedule,
  job: () => Promise<void>,
  onSkipped: () => void,
  now: boolean,
): ScheduledRuns {
  let underWay: Promise<void> | null = null;
  const start = (): void => {
    if (underWay !== null) {
      onSkipped();
      return;
    }
    underWay = job().finally(() => {
      underWay = null;
    });
  };
  const stopClock = startClock(schedule, start, onSkipped);
  if (now) start();
  return {
    async stop() {
      await stopClock();
      await underWay;
    },
  };
}

function startClock(
  schedule: Schedule,
  onDue: () => void,
  onMissed: () => void,
): () => void | Promise<void> {
  if (schedule.kind === "every") {
    const timer = setInterval(onDue, schedule.everyMs);
    return () => clearInterval(timer);
  }
  const { expression, timezone } = schedule;
  const task = scheduleCron(expression, onDue, { timezone, suppressMissedWarning: true });
  task.on("execution:missed", onMissed);
  return () => task.stop();
}
