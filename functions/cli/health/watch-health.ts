import { TOOL } from "../../../shared/program/tool.ts";
import type { ExitCode } from "../exit-code.ts";

/** Why `watch` is unhealthy: a run does not end, or a due run was not started. */
export type HealthProblem = "RUN_OVERRUN" | "RUN_NOT_STARTED";

/**
 * What may follow the audit of one run, in milliseconds: the delivery of the alert (28 s), the
 * heartbeat (30 s), the wait for the lock of the state (75 s) and the evidence (130 s).
 */
const AFTER_AUDIT_MS = 263_000;
/** For what has no limit of its own, such as the search for credentials before the audit. */
const OVERRUN_TOLERANCE_MS = 120_000;
/** A run is started at most a minute late, after the system's clock was set or the machine slept. */
const START_TOLERANCE_MS = 150_000;

/** How the runs stand, in milliseconds. */
export interface RunTimes {
  /** Since the current run was started; null between runs. */
  readonly runningForMs: number | null;
  /** Until the next run is due, negative once it is overdue; null where none will follow. */
  readonly dueInMs: number | null;
}

/**
 * Decides whether `watch` is healthy. Findings and failed runs are no problem: a restart would not
 * fix them.
 *
 * @param deadlineMs - the time limit of an audit
 * @returns null where it is healthy
 */
export function healthProblemOf(
  { runningForMs, dueInMs }: RunTimes,
  deadlineMs: number,
): HealthProblem | null {
  const maxRunMs = deadlineMs + AFTER_AUDIT_MS + OVERRUN_TOLERANCE_MS;
  if (runningForMs !== null && runningForMs > maxRunMs) return "RUN_OVERRUN";
  if (dueInMs !== null && dueInMs < -START_TOLERANCE_MS) return "RUN_NOT_STARTED";
  return null;
}

/** The answer to a health check. It has no secret, and nothing of what was found. */
export interface HealthReport {
  readonly status: "healthy" | "unhealthy";
  readonly problem: HealthProblem | null;
  readonly version: string;
  /** When `watch` was started. */
  readonly startedAt: string;
  readonly currentRun: { readonly startedAt: string } | null;
  /** The last run that ended, with the exit code that `watch` would have after it. */
  readonly lastRun: {
    readonly startedAt: string;
    readonly endedAt: string;
    readonly exitCode: ExitCode;
  } | null;
  /** Null where no further run will be started. */
  readonly nextDueAt: string | null;
}

/** Follows the runs of `watch`. Durations do not depend on the system's clock, which may be set. */
export class WatchHealth {
  readonly #clock: () => Date;
  readonly #deadlineMs: number;
  readonly #startedAt: string;
  #current: { readonly startedAt: string; readonly startedMs: number } | null = null;
  #last: HealthReport["lastRun"] = null;

  /** @param deadlineMs - the time limit of an audit */
  constructor(clock: () => Date, deadlineMs: number) {
    this.#clock = clock;
    this.#deadlineMs = deadlineMs;
    this.#startedAt = clock().toISOString();
  }

  /** Follows one run. */
  async follow(run: () => Promise<ExitCode>): Promise<ExitCode> {
    const startedAt = this.#clock().toISOString();
    this.#current = { startedAt, startedMs: performance.now() };
    try {
      const exitCode = await run();
      this.#last = { startedAt, endedAt: this.#clock().toISOString(), exitCode };
      return exitCode;
    } finally {
      this.#current = null;
    }
  }

  /** @param dueInMs - milliseconds until the next run is due; null where none will follow */
  report(dueInMs: number | null): HealthReport {
    const runningForMs =
      this.#current === null ? null : performance.now() - this.#current.startedMs;
    const problem = healthProblemOf({ runningForMs, dueInMs }, this.#deadlineMs);
    return {
      status: problem === null ? "healthy" : "unhealthy",
      problem,
      version: TOOL.version,
      startedAt: this.#startedAt,
      currentRun: this.#current === null ? null : { startedAt: this.#current.startedAt },
      lastRun: this.#last,
      nextDueAt:
        dueInMs === null ? null : new Date(this.#clock().getTime() + dueInMs).toISOString(),
    };
  }
}
