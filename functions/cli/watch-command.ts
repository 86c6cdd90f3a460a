import type { CredentialsFinder } from "../../shared/alibaba/credentials.ts";
import { NothingReadError } from "../../shared/audit/run-error.ts";
import { assumeAccount } from "../../shared/conclude/assume-account.ts";
import { concludeRun } from "../../shared/conclude/conclude-run.ts";
import type { Config } from "../../shared/config/config.ts";
import { createTransport } from "../../shared/http/transport.ts";
import { createReceivers } from "../../shared/notify/receivers.ts";
import { newRunId } from "../../shared/run-id.ts";
import { failedEntry, jsonLog, type Log, skippedEntry } from "../../shared/run-log.ts";
import { withHeartbeat } from "../../shared/conclude/with-heartbeat.ts";
import {
  auditFromHere,
  type CredentialsFlags,
  credentialsFinder,
  regionNamesFromHere,
} from "./audit-from-here.ts";
import { type ConfigFlags, configFrom, isWholeScope } from "./config-options.ts";
import { EXIT_CODES, type ExitCode, exitCodeOf } from "./exit-code.ts";
import { openLocalState } from "./local-state.ts";
import { runOnSchedule } from "./run-on-schedule.ts";
import { parseSchedule } from "../../shared/schedule/parse-schedule.ts";
import type { World } from "./world.ts";

export interface WatchFlags extends ConfigFlags, CredentialsFlags {
  readonly schedule: string;
  readonly timezone?: string;
  readonly now?: boolean;
}

/**
 * Does on a schedule what the check function does, in one process, until it is asked to stop.
 * Writes a JSON line a run.
 *
 * @returns the exit code that the last run deserves
 * @throws `ConfigError` when the configuration or the schedule is wrong
 */
export async function runWatchCommand(flags: WatchFlags, world: World): Promise<ExitCode> {
  const schedule = parseSchedule(flags.schedule, "--schedule", flags.timezone);
  const config = configFrom(flags, world.env, flags.schedule);
  const log = jsonLog(world.stdout, world.clock);
  // One for all runs: a session that is still valid is used by the next one too.
  const finder = await credentialsFinder(flags, config, world);
  let exitCode: ExitCode = EXIT_CODES.ALL_WELL;
  const runs = runOnSchedule(
    schedule,
    async () => {
      exitCode = await runOnce(config, finder, world, log, isWholeScope(flags));
    },
    () => log(skippedEntry()),
    flags.now === true,
  );
  await world.stopRequested();
  await runs.stop();
  return exitCode;
}

/** One audit and its alert. What goes wrong is this run's, and the next one is due all the same. */
async function runOnce(
  config: Config,
  finder: CredentialsFinder,
  world: World,
  log: Log,
  wholeScope: boolean,
): Promise<ExitCode> {
  const { clock } = world;
  const runId = newRunId();
  using transport = createTransport(config.proxy);
  try {
    const heartbeat = { address: config.heartbeat, runId, log, transport };
    const { summary } = await withHeartbeat(heartbeat, async (fail) => {
      const credentials = await finder.find(runId, transport);
      const store = await openLocalState(config, world, transport, async () => credentials);
      const run = { runId, trigger: "schedule", transport } as const;
      const report = await auditFromHere(config, run, credentials, world, {
        assumeAccount: () => assumeAccount(store),
      });
      const receivers = createReceivers(config.alerts.receivers, transport);
      const regionNames = await regionNamesFromHere(config, run, credentials);
      const options = { policy: config.alerts, store, regionNames, clock, log, wholeScope };
      const { stateProblem } = await concludeRun(report, receivers, options);
      if (stateProblem !== null) fail();
      return report;
    });
    return exitCodeOf(summary);
  } catch (error) {
    log(failedEntry(runId, error));
    return error instanceof NothingReadError ? EXIT_CODES.INCOMPLETE : EXIT_CODES.COULD_NOT_RUN;
  }
}
