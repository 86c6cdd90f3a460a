import { schedule as scheduleCron, type ScheduledTask } from "node-cron";

import { nextRun } from "../../shared/schedule/next-run.ts";
import type { CronSchedule, Schedule } from "../../shared/schedule/parse-schedule.ts";

/** Runs that are due one after another. */
export interface ScheduledRuns {
  /** Starts no further run, and resolves when the one under way has ended. */
  stop(): Promise<void>;
}

/** How often to look whether the system's clock was set, or the machine slept. */
const CLOCK_CHECK_MS = 60_000;

/**
 * Starts a job whenever it is due. A run that is still under way when the next one is due is left
 * alone, and that next one is skipped: runs never overlap. Of several that fell due while the
 * machine slept, one is made up for.
 *
 * @param job - must not reject
 * @param onSkipped - told of a run that is skipped, or of some that the process slept through
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
  const stopClock: () => void | Promise<void> =
    schedule.kind === "cron"
      ? startCron(schedule, start, onSkipped)
      : startInterval(schedule.everyMs, start);
  if (now) start();
  return {
    async stop() {
      await stopClock();
      await underWay;
    },
  };
}

function startInterval(everyMs: number, onDue: () => void): () => void {
  const timer = setInterval(onDue, everyMs);
  return () => clearInterval(timer);
}

/**
 * Has node-cron wait for one moment after another, each of them from {@link nextRun}. By its own
 * reckoning it skips the hour that clocks repeat, and loses what is due in one that they skip; and
 * it waits on when the system's clock is set back, or the machine sleeps past the moment.
 */
function startCron(
  schedule: CronSchedule,
  onDue: () => void,
  onMissed: () => void,
): () => void | Promise<void> {
  let due = nextRun(schedule, new Date());
  const beginIfDue = (): void => {
    const now = new Date();
    if (now < due) return;
    if (nextRun(schedule, due) <= now) onMissed();
    waitFor(nextRun(schedule, now));
    onDue();
  };
  const waitFor = (moment: Date): void => {
    void alarm.destroy();
    due = moment;
    alarm = alarmAt(due, beginIfDue);
  };

  let alarm = alarmAt(due, beginIfDue);
  let lastLook = new Date();
  const clockCheck = setInterval(() => {
    const now = new Date();
    if (now < lastLook) waitFor(nextRun(schedule, now));
    lastLook = now;
    beginIfDue();
  }, CLOCK_CHECK_MS);
  return () => {
    clearInterval(clockCheck);
    return alarm.destroy();
  };
}

/** Rings at a moment, or as soon as it can afterwards. */
function alarmAt(moment: Date, onRing: () => void): ScheduledTask {
  const fields = [
    moment.getUTCSeconds(),
    moment.getUTCMinutes(),
    moment.getUTCHours(),
    moment.getUTCDate(),
    moment.getUTCMonth() + 1,
    "*",
  ];
  const alarm = scheduleCron(fields.join(" "), onRing, {
    timezone: "UTC",
    suppressMissedWarning: true,
  });
  alarm.on("execution:missed", onRing);
  return alarm;
}
