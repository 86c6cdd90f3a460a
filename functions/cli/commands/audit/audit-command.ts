import type { Report } from "../../../../shared/audit/report.ts";
import { ConfigError, RunError } from "../../../../shared/audit/run-error.ts";
import { assertConcluded } from "../../../../shared/conclude/alert-outcome.ts";
import { assumeAccount } from "../../../../shared/conclude/assume-account.ts";
import { assertSomethingRead } from "../../../../shared/conclude/conclude-run.ts";
import { raiseAlert } from "../../../../shared/conclude/raise-alert.ts";
import type { RegionNames } from "../../../../shared/conclude/region-names.ts";
import type { RunEvidence } from "../../../../shared/conclude/run-evidence.ts";
import type { Config } from "../../../../shared/config/config.ts";
import { createTransport, type Transport } from "../../../../shared/http/transport.ts";
import { createReceivers } from "../../../../shared/notify/receivers.ts";
import { loadRules } from "../../../../shared/rules/rules.ts";
import { newRunId } from "../../../../shared/run/run-id.ts";
import type { Credentials } from "../../../../shared/service/credentials.ts";
import type { StateStore } from "../../../../shared/state/state-store.ts";
import { writeNotes, type CliRuntime } from "../../cli-runtime.ts";
import { EXIT_CODES, type ExitCode, exitCodeOf } from "../../exit-code.ts";
import { configFrom, isWholeScope, NO_RECEIVER } from "../../flags/config-options.ts";
import {
  auditLocally,
  credentialsFinder,
  findCredentials,
  localRegionNames,
} from "../../local/local-audit.ts";
import { assertEvidenceKeepable, openLocalEvidence } from "../../local/local-evidence.ts";
import { openLocalState } from "../../local/local-state.ts";
import { type PrintOptions, printReport } from "../../output/print-report.ts";
import { readOutputs } from "../../output/read-outputs.ts";
import { startProgress } from "../../terminal/progress.ts";
import { type AuditFlags, assertTogether, printOptionsOf } from "./audit-flags.ts";
import { describeEvaluation } from "./describe-evaluation.ts";
import { auditRemotely } from "./remote-audit.ts";

/**
 * Audits and prints the report: from this machine, or with `--remote` through the deployed function.
 * Alerts with `--alert`.
 *
 * @throws `RunError` when the audit could not run, an alert that was due reached no receiver, or the
 *   report could not be kept as evidence
 */
export async function runAuditCommand(flags: AuditFlags, runtime: CliRuntime): Promise<ExitCode> {
  const outputs = readOutputs(flags.output ?? [], runtime.env);
  const print = printOptionsOf(flags, outputs);
  assertTogether(flags, outputs, print);
  if (flags.remote === true) return runRemotely(flags, print, runtime);

  const config = configFrom(flags, runtime.env);
  assertEvidenceKeepable(config);
  if (flags.alert === true && config.alerts.receivers.length === 0) {
    throw new ConfigError([`--alert: ${NO_RECEIVER}`]);
  }
  using transport = createTransport(config.proxy);
  const { report, ...concluding } = await audit(config, flags, runtime, transport);
  const conclude = async (): Promise<void> =>
    flags.alert === true
      ? alert(report, config, concluding, flags, runtime)
      : keep(report, concluding, flags, runtime);
  try {
    await printReport(report, print, runtime);
  } catch (error) {
    // Also where the report could not be written, as on a full disk. If both fail, both are reported.
    await conclude().catch(async (another: unknown) => {
      if (error instanceof RunError) await writeNotes(runtime, [error.message]);
      throw another;
    });
    throw error;
  }
  await conclude();
  return exitCodeFor(report, flags);
}

/** @throws `NothingReadError` with `--exit-zero`, when nothing in scope could be read */
function exitCodeFor(report: Report, { exitZero = false }: AuditFlags): ExitCode {
  if (!exitZero) return exitCodeOf(report.summary);
  assertSomethingRead(report);
  return EXIT_CODES.ALL_WELL;
}

async function runRemotely(
  flags: AuditFlags,
  print: PrintOptions,
  runtime: CliRuntime,
): Promise<ExitCode> {
  const progress = await startProgress(
    runtime,
    flags.progress && flags.quiet !== true,
    "Waiting for the deployed audit",
  );
  let report: Report;
  try {
    report = await auditRemotely(flags, runtime);
  } finally {
    progress.stop();
  }
  await printReport(report, print, runtime);
  return exitCodeFor(report, flags);
}

/** A report, and what concludes the audit. */
interface AuditResult {
  readonly report: Report;
  /** Where notifications are remembered, or the head of the chain of evidence; null for nowhere. */
  readonly store: StateStore | null;
  readonly evidence: RunEvidence | null;
  readonly regionNames: RegionNames;
  readonly transport: Transport;
}

async function audit(
  config: Config,
  flags: AuditFlags,
  runtime: CliRuntime,
  transport: Transport,
): Promise<AuditResult> {
  const progress = await startProgress(runtime, flags.progress && flags.quiet !== true);
  const run = { runId: newRunId(), trigger: "cli", transport } as const;
  try {
    const finder = await credentialsFinder(flags, config, runtime);
    const { credentials, renewedCredentials } = await findCredentials(finder, run, runtime);
    const needsState = flags.alert === true || config.evidence.kind === "oss";
    const openStore = async (): Promise<StateStore | null> =>
      needsState ? openLocalState(config, runtime, transport, renewedCredentials) : null;
    const openEvidence = async (): Promise<RunEvidence | null> =>
      openLocalEvidence(config, runtime, transport, renewedCredentials);
    const store = await openStore();
    // What cannot be opened at all is an error before the audit.
    await openEvidence();
    const origin = { ...run, renewedCredentials };
    const report = await auditLocally(config, origin, credentials, runtime, {
      assumeAccount: async () =>
        assumeAccount(store ?? (await stateToAssumeFrom(config, runtime, transport, credentials))),
      onScope: progress.onScope,
      onEvaluated(evaluations, account) {
        progress.onEvaluated(evaluations, account);
        if (flags.verbose === true && flags.quiet !== true)
          runtime.stderr.write(
            evaluations
              .map((evaluation) => describeEvaluation(evaluation, config.rules.length > 1, account))
              .join(""),
          );
      },
    });
    const regionNames = await localRegionNames(config, run, await renewedCredentials());
    // Opened again: the audit may have outlived the credentials.
    return {
      report,
      store: await openStore(),
      evidence: await openEvidence(),
      regionNames,
      transport,
    };
  } finally {
    progress.stop();
  }
}

/**
 * The state that may supply the account. An audit that does not alert ignores a state that is
 * configured wrongly.
 */
async function stateToAssumeFrom(
  config: Config,
  runtime: CliRuntime,
  transport: Transport,
  credentials: Credentials,
): Promise<StateStore | null> {
  try {
    return await openLocalState(config, runtime, transport, async () => credentials);
  } catch (error) {
    if (error instanceof ConfigError) return null;
    throw error;
  }
}

async function alert(
  report: Report,
  { alerts: policy }: Config,
  { store, evidence, regionNames, transport }: Omit<AuditResult, "report">,
  flags: AuditFlags,
  runtime: CliRuntime,
): Promise<void> {
  const receivers = createReceivers(policy.receivers, transport);
  const outcome = await raiseAlert(report, receivers, {
    loadCards: loadRules,
    policy,
    store,
    evidence,
    regionNames,
    clock: runtime.clock,
    wholeScope: isWholeScope(flags),
    // Once this is called, a signal does not end the process before the outcome is stored.
    onDeliver: () => void runtime.stopRequested(),
  });
  const { reason, deliveries, warnings } = outcome;
  // Also with --quiet: they report that the state was damaged, or could not be read or written.
  await writeNotes(runtime, warnings);
  assertConcluded(outcome);
  const delivered = deliveries
    .filter(({ error }) => error === null)
    .map(({ name, host }) => `alert delivered to ${name} (${host})`);
  const failures = deliveries
    .filter(({ error }) => error !== null)
    .map(({ name, host, error }) => `alert not delivered to ${name} (${host}): ${error?.message}`);
  const notes = [
    ...(deliveries.length === 0 ? [`no alert is due: ${reason}`] : delivered),
    ...(evidence?.describe() ?? []),
  ];
  await writeNotes(runtime, [...(flags.quiet === true ? [] : notes), ...failures]);
}

/**
 * Keeps a report as evidence, where that is configured, and alerts nobody.
 *
 * @throws `EvidenceError` when it could not be kept
 */
async function keep(
  report: Report,
  { store, evidence }: Omit<AuditResult, "report">,
  { quiet = false }: AuditFlags,
  runtime: CliRuntime,
): Promise<void> {
  if (evidence === null) return;
  // From here on a signal does not end the process before the report is kept.
  void runtime.stopRequested();
  await evidence.keepAlone(report, store);
  await writeNotes(runtime, [...evidence.warnings, ...(quiet ? [] : evidence.describe())]);
  if (evidence.outcome.problem !== null) throw evidence.outcome.problem;
}
