import type { Report } from "../../shared/audit/report.ts";
import { ConfigError } from "../../shared/audit/run-error.ts";
import type { Config } from "../../shared/config/config.ts";
import { assertReachedSomebody, raiseAlert } from "../../shared/notify/raise-alert.ts";
import { createReceivers } from "../../shared/notify/receivers.ts";
import { FORMATS, type FormatName } from "../../shared/report/formats.ts";
import { newRunId } from "../../shared/run-id.ts";
import type { Outcome } from "../../shared/run/evaluate-region.ts";
import { auditFromHere } from "./audit-from-here.ts";
import { type ConfigFlags, configFrom } from "./config-options.ts";
import { type ExitCode, exitCodeOf } from "./exit-code.ts";
import { startProgress } from "./progress.ts";
import { assertWritable, writeReport } from "./report-output.ts";
import { showsColors, type World, write } from "./world.ts";

export interface AuditFlags extends ConfigFlags {
  readonly format: FormatName;
  readonly output?: string;
  readonly alert?: boolean;
  /** False with `--no-progress`. */
  readonly progress: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/**
 * Audits from this machine and prints the report; alerts with `--alert`.
 *
 * @throws `RunError` when the audit could not run, or an alert that was due reached nobody
 */
export async function runAuditCommand(flags: AuditFlags, world: World): Promise<ExitCode> {
  const config = configFrom(flags, world.env);
  if (flags.alert === true && config.alerts.receivers.length === 0) {
    throw new ConfigError([
      "--alert: there is no receiver. Set FLOWLOG_GUARD_WEBHOOK_URL, or alerts.receivers in the configuration file.",
    ]);
  }
  if (flags.output !== undefined) assertWritable(flags.output);

  const report = await audit(config, flags, world);
  const color = flags.output === undefined && showsColors(world.stdout, world.env);
  try {
    await writeReport(FORMATS[flags.format](report, { color }), flags.output, world);
  } finally {
    // A full disk must not cost the alert too.
    if (flags.alert === true) await alert(report, config, flags, world);
  }
  return exitCodeOf(report.summary);
}

async function audit(config: Config, flags: AuditFlags, world: World): Promise<Report> {
  const progress = await startProgress(world.stderr, flags.progress && flags.quiet !== true);
  const run = { runId: newRunId(), trigger: "cli" } as const;
  try {
    return await auditFromHere(config, run, world, {
      onScope: progress.onScope,
      onOutcome(outcome) {
        progress.onOutcome(outcome);
        if (flags.verbose === true) world.stderr.write(describeOutcome(outcome));
      },
    });
  } finally {
    progress.stop();
  }
}

async function alert(
  report: Report,
  config: Config,
  flags: AuditFlags,
  world: World,
): Promise<void> {
  const receivers = createReceivers(config.alerts.receivers);
  const outcome = await raiseAlert(report, receivers, { clock: world.clock });
  assertReachedSomebody(outcome);
  const { decision, deliveries } = outcome;
  const notes = decision.due
    ? deliveries
        .filter(({ error }) => error === null)
        .map(({ type, host }) => `alert delivered to ${type} ${host}`)
    : [`no alert is due: ${decision.reason}`];
  const failures = deliveries
    .filter(({ error }) => error !== null)
    .map(({ type, host, error }) => `alert not delivered to ${type} ${host}: ${error?.message}`);
  const lines = flags.quiet === true ? failures : [...notes, ...failures];
  await write(world.stderr, lines.map((line) => `flowlog-guard: ${line}\n`).join(""));
}

function describeOutcome({ regionId, status, reason, evidence }: Outcome): string {
  const { attempts, durationMs } = evidence;
  return `flowlog-guard: ${regionId} ${status} ${reason.code}, attempts: ${attempts}, ${durationMs ?? 0} ms\n`;
}
