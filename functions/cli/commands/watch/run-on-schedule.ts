import { schedule as scheduleCron, type ScheduledTask } from "node-cron";

import { nextRun } from "../../../../shared/schedule/next-run.ts";
import type { CronSchedule, Schedule } from "../../../../shared/schedule/parse-schedule.ts";

/** The runs of a schedule. */
export interface ScheduledRuns {
  /** Starts no further run, and resolves when the current one has ended. */
  stop(): Promise<void>;
  /** Milliseconds until the next run is due, negative once it is overdue; null after a stop. */
  dueInMs(): number | null;
}

/** What waits for the moments at which runs are due. */
interface Clockwork {
  stop(): void | Promise<void>;
  /** Milliseconds, negative once a run is overdue. */
  dueInMs(): number;
}

/** Interval of the check whether the system's clock was set, or the machine slept. */
const CLOCK_CHECK_MS = 60_000;

/**
 * Starts a job whenever it is due. Runs never overlap: a run that falls due during another one is
 * skipped. Of several runs that fell due while the machine slept, one is started afterwards.
 *
 * @param job - must not reject
 * @param onSkipped - called when a run is skipped, and when runs were missed during sleep
 * @param now - whether to start a run immediately as well
 */
export function runOnSchedule(
  schedule: Schedule,
  job: () => Promise<void>,
  onSkipped: () => void,
  now: boolean,
): ScheduledRuns {
  let current: Promise<void> | null = null;
  const start = (): void => {
    if (current !== null) {
      onSkipped();
      return;
    }
    current = job().finally(() => {
      current = null;
    });
  };
  let stopped = false;
  const clockwork =
    schedule.kind === "cron"
      ? startCron(schedule, start, onSkipped)
      : startInterval(schedule.everyMs, start);
  if (now) start();
  return {
    async stop() {
      stopped = true;
      await clockwork.stop();
      await current;
    },
    dueInMs: () => (stopped ? null : clockwork.dueInMs()),
  };
}

function startInterval(everyMs: number, onDue: () => void): Clockwork {
  // As the timer, it does not follow the system's clock, which may be set.
  let dueMs = performance.now() + everyMs;
  const timer = setInterval(() => {
    dueMs = performance.now() + everyMs;
    onDue();
  }, everyMs);
  return { stop: () => clearInterval(timer), dueInMs: () => dueMs - performance.now() };
}

/**
 * Uses node-cron to wait for one moment at a time, computed by {@link nextRun}. With a recurring
 * expression, node-cron skips the hour that a clock change repeats and loses runs in the hour that one
 * skips; and it keeps waiting when the system's clock is set back, or the machine sleeps past the
 * moment.
 */
function startCron(schedule: CronSchedule, onDue: () => void, onMissed: () => void): Clockwork {
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
  let lastCheck = new Date();
  const clockCheck = setInterval(() => {
    const now = new Date();
    if (now < lastCheck) waitFor(nextRun(schedule, now));
    lastCheck = now;
    beginIfDue();
  }, CLOCK_CHECK_MS);
  return {
    stop() {
      clearInterval(clockCheck);
      return alarm.destroy();
    },
    dueInMs: () => due.getTime() - Date.now(),
  };
}

/** Calls `onRing` at a moment, or as soon as possible afterwards. */
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
