import type { CredentialsFinder } from "../../../../shared/alibaba/credentials/credentials-finder.ts";
import { ConfigError, NothingReadError } from "../../../../shared/audit/run-error.ts";
import { assumeAccount } from "../../../../shared/conclude/assume-account.ts";
import { concludeRun } from "../../../../shared/conclude/conclude-run.ts";
import type { RunEvidence } from "../../../../shared/conclude/run-evidence.ts";
import {
  failedEntry,
  jsonLog,
  type Log,
  skippedEntry,
  warningEntry,
} from "../../../../shared/conclude/run-log.ts";
import { withHeartbeat } from "../../../../shared/conclude/with-heartbeat.ts";
import type { Config } from "../../../../shared/config/config.ts";
import { DEFAULT_DEADLINE_MS } from "../../../../shared/config/default-times.ts";
import { createTransport } from "../../../../shared/http/transport.ts";
import { createReceivers } from "../../../../shared/notify/receivers.ts";
import { loadRules } from "../../../../shared/rules/rules.ts";
import { newRunId } from "../../../../shared/run/run-id.ts";
import { parseSchedule, type Schedule } from "../../../../shared/schedule/parse-schedule.ts";
import type { StateStore } from "../../../../shared/state/state-store.ts";
import { type CliRuntime, writeNotes, writeStderr } from "../../cli-runtime.ts";
import { describeError } from "../../describe-error.ts";
import { EXIT_CODES, type ExitCode, exitCodeOf } from "../../exit-code.ts";
import {
  type ConfigFlags,
  configFrom,
  flagOf,
  isWholeScope,
  NO_RECEIVER,
} from "../../flags/config-options.ts";
import { healthAddressFrom } from "../../health/health-address.ts";
import { startHealthServer } from "../../health/health-server.ts";
import { WatchHealth } from "../../health/watch-health.ts";
import {
  auditLocally,
  type CredentialsFlags,
  credentialsFinder,
  findCredentials,
  localRegionNames,
} from "../../local/local-audit.ts";
import { assertEvidenceKeepable, openLocalEvidence } from "../../local/local-evidence.ts";
import { openLocalState } from "../../local/local-state.ts";
import { runOnSchedule, type ScheduledRuns } from "./run-on-schedule.ts";

export interface WatchFlags extends ConfigFlags, CredentialsFlags {
  readonly schedule?: string;
  readonly timezone?: string;
  readonly now?: boolean;
  readonly once?: boolean;
  readonly health?: string;
  /** Undefined where neither `--exit-zero` nor `--no-exit-zero` is given. */
  readonly exitZero?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/**
 * Audits and alerts like the check function: on a schedule until the process is asked to stop, or
 * once. Writes a JSON line for each run.
 *
 * @returns the exit code of the last run
 * @throws `ConfigError` when the configuration, the flags or the schedule are wrong
 */
export async function runWatchCommand(flags: WatchFlags, runtime: CliRuntime): Promise<ExitCode> {
  const schedule = scheduleFrom(flags);
  const config = configFrom(flags, runtime.env, flags.schedule);
  const healthAddress = schedule === null ? null : healthAddressFrom(flags.health, runtime.env);
  assertEvidenceKeepable(config);
  const log = jsonLog(runtime.stdout, runtime.clock);
  // Shared by all runs: a session that is still valid is used by the next run too.
  const finder = await credentialsFinder(flags, config, runtime);
  const once = schedule === null;
  const policy = { once, exitZero: flags.exitZero ?? once, verbose: flags.verbose === true };
  const run = async (): Promise<ExitCode> =>
    runOnce(config, finder, runtime, log, isWholeScope(flags), policy);
  if (schedule === null) {
    // From here on a signal does not end the process before the run, with its delivery, is finished.
    void runtime.stopRequested();
    return run();
  }

  let exitCode: ExitCode = EXIT_CODES.ALL_WELL;
  let runs: ScheduledRuns | null = null;
  const health = new WatchHealth(runtime.clock, config.deadlineMs ?? DEFAULT_DEADLINE_MS);
  // Before the first run: a port in use is an error of the start. Answers until the last run ended.
  const server =
    healthAddress === null
      ? null
      : await startHealthServer(healthAddress, () => health.report(runs?.dueInMs() ?? null));
  runs = runOnSchedule(
    schedule,
    async () => {
      exitCode = await health.follow(run);
    },
    () => log(skippedEntry()),
    flags.now === true,
  );
  const stopRequested = runtime.stopRequested();
  // Without it, a terminal shows nothing until then.
  if (flags.now !== true && flags.quiet !== true) await noteFirstRun(runs, runtime);
  await stopRequested;
  await runs.stop();
  await server?.close();
  return exitCode;
}

async function noteFirstRun(runs: ScheduledRuns, runtime: CliRuntime): Promise<void> {
  const due = new Date(runtime.clock().getTime() + (runs.dueInMs() ?? 0));
  const time = due.toISOString().replace(/\.\d+/, "");
  await writeNotes(runtime, [
    `watch: the first run starts at ${time}; with --now, one starts at once`,
  ]);
}

/**
 * @returns null for a single run
 * @throws {@link ConfigError} when the flags have neither a schedule nor `--once`, or both
 */
function scheduleFrom({ schedule, timezone, now, once, health }: WatchFlags): Schedule | null {
  if (once === true) {
    const problems = Object.entries({ schedule, timezone, now, health })
      .filter(([, value]) => value !== undefined)
      .map(
        ([name]) => `${flagOf(name)}: contradicts --once, which is one run at once: take one out`,
      );
    if (problems.length > 0) throw new ConfigError(problems);
    return null;
  }
  if (schedule !== undefined) return parseSchedule(schedule, "--schedule", timezone);
  throw new ConfigError([
    "watch: needs --schedule <cron>, to run again and again, or --once, for a single run",
  ]);
}

/** How the outcome of a run is reported. */
interface OutcomePolicy {
  /** Whether it is the only run: then the exit code also reports a problem with the state. */
  readonly once: boolean;
  /** Whether findings leave the exit code at 0, as long as a receiver is configured. */
  readonly exitZero: boolean;
  /** Whether the stack trace of an error is written to stderr: the line of the run has none. */
  readonly verbose: boolean;
}

/** One audit and its alert. Never rejects: a failure is of this run alone. */
async function runOnce(
  config: Config,
  finder: CredentialsFinder,
  runtime: CliRuntime,
  log: Log,
  wholeScope: boolean,
  { once, exitZero, verbose }: OutcomePolicy,
): Promise<ExitCode> {
  const { clock } = runtime;
  const runId = newRunId();
  using transport = createTransport(config.proxy);
  let stateProblem: string | null = null;
  try {
    const heartbeat = { address: config.heartbeat, runId, log, transport };
    const { summary } = await withHeartbeat(heartbeat, async ({ fail, kept }) => {
      const run = { runId, trigger: "schedule", transport } as const;
      const { credentials, renewedCredentials } = await findCredentials(finder, run, runtime);
      const openStore = async (): Promise<StateStore | null> =>
        openLocalState(config, runtime, transport, renewedCredentials);
      const openEvidence = async (): Promise<RunEvidence | null> =>
        openLocalEvidence(config, runtime, transport, renewedCredentials);
      const store = await openStore();
      // What cannot be opened at all is an error before the audit.
      await openEvidence();
      const origin = { ...run, renewedCredentials };
      const report = await auditLocally(config, origin, credentials, runtime, {
        assumeAccount: () => assumeAccount(store),
      });
      const receivers = createReceivers(config.alerts.receivers, transport);
      const regionNames = await localRegionNames(config, run, await renewedCredentials());
      const options = {
        loadCards: loadRules,
        policy: config.alerts,
        // Opened again: the audit may have outlived the credentials.
        store: await openStore(),
        regionNames,
        clock,
        log,
        wholeScope,
        evidence: await openEvidence(),
        onKept: kept,
      };
      ({ stateProblem } = await concludeRun(report, receivers, options));
      if (stateProblem !== null) fail();
      return report;
    });
    if (once && stateProblem !== null) return EXIT_CODES.COULD_NOT_RUN;
    if (!exitZero) return exitCodeOf(summary);
    if (summary.nonCompliant === 0 || config.alerts.receivers.length > 0)
      return EXIT_CODES.ALL_WELL;
    log(warningEntry(runId, `A region is not compliant, and ${NO_RECEIVER}`));
    return EXIT_CODES.COULD_NOT_RUN;
  } catch (error) {
    log(failedEntry(runId, error));
    if (verbose)
      await writeStderr(runtime, `flowlog-guard: ${describeError(error, runtime.argv)}\n`);
    const incomplete = error instanceof NothingReadError && !exitZero;
    return incomplete ? EXIT_CODES.INCOMPLETE : EXIT_CODES.COULD_NOT_RUN;
  }
}
