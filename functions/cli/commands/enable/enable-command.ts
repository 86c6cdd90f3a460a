import { type Report, UNKNOWN_ACCOUNT } from "../../../../shared/audit/report.ts";
import { CredentialsError } from "../../../../shared/audit/run-error.ts";
import type { Config } from "../../../../shared/config/config.ts";
import {
  describeNotChanged,
  describeOutcome,
  describeOutcomes,
  describePlan,
} from "../../../../shared/enable/describe-plan.ts";
import { FLOW_LOG_RULE_ID } from "../../../../shared/enable/make-plan.ts";
import type { EntryOutcome, Plan } from "../../../../shared/enable/plan.ts";
import { createTransport } from "../../../../shared/http/transport.ts";
import { describeSummary } from "../../../../shared/report/table/summary.ts";
import { DEFAULT_RULE_IDS, RULE_IDS } from "../../../../shared/rules/rule-ids.ts";
import { newRunId } from "../../../../shared/run/run-id.ts";
import type { Credentials } from "../../../../shared/service/credentials.ts";
import { type CliRuntime, write, writeNotes } from "../../cli-runtime.ts";
import { EXIT_CODES, type ExitCode, exitCodeOf } from "../../exit-code.ts";
import { type ConfigFlags, configFrom } from "../../flags/config-options.ts";
import {
  auditLocally,
  type CredentialsFlags,
  credentialsFinder,
  type LocalRun,
} from "../../local/local-audit.ts";
import { printReport } from "../../output/print-report.ts";
import { startProgress } from "../../terminal/progress.ts";
import { changeRun } from "./change-run.ts";
import type { EnableFormat } from "./enable-formats.ts";
import { type FlowLogFlags, logStoreOf } from "./flow-log-flags.ts";
import {
  assertNoAccounts,
  ofOwnAccount,
  otherAccountsNotes,
  withinRegions,
  withRegionsOf,
} from "./own-account.ts";

export interface EnableFlags extends ConfigFlags, CredentialsFlags, FlowLogFlags {
  readonly accounts?: string;
  readonly yes?: boolean;
  readonly format: EnableFormat;
  readonly quiet?: boolean;
}

/**
 * Prints what is to be changed so that the scope is compliant; with `--yes` changes it, audits again and
 * prints that report. The plan and the progress go to stderr, or with `--format json` to stdout.
 *
 * @throws `RunError` when the plan could not be made, or the account to change is not known
 */
export async function runEnableCommand(flags: EnableFlags, runtime: CliRuntime): Promise<ExitCode> {
  const logStore = logStoreOf(flags);
  assertNoAccounts(flags);
  const configured = configFrom(flags, runtime.env);
  let config = ofOwnAccount(configured);
  using transport = createTransport(config.proxy);
  const run = { runId: newRunId(), trigger: "cli", transport } as const;
  const progress = await startProgress(runtime, flags.quiet !== true);
  let credentials: Credentials;
  let plan: Plan;
  try {
    const finder = await credentialsFinder(flags, config, runtime);
    credentials = await finder.find(run.runId, transport);
    const { readPlan } = changeRun(config, run, credentials, runtime.clock);
    plan = await readPlan(logStore, progress);
    config = ofOwnAccount(withRegionsOf(plan.accountId, configured));
    plan = withinRegions(plan, config);
  } finally {
    progress.stop();
  }
  await printPlan(plan, otherAccountsNotes(configured, plan), flags, runtime);
  if (flags.yes !== true) {
    if (flags.format === "json") await writeDocument(plan, plan.entries, null, runtime);
    return plan.notChanged.some(({ unreadable }) => unreadable)
      ? EXIT_CODES.INCOMPLETE
      : EXIT_CODES.ALL_WELL;
  }
  if (plan.accountId === UNKNOWN_ACCOUNT && plan.entries.length > 0) {
    throw new CredentialsError(
      "The account could not be identified, so nothing was changed. Check the network to STS, and run it again.",
    );
  }
  return carryOut(plan, config, { ...run, credentials }, flags, runtime);
}

async function printPlan(
  plan: Plan,
  notes: readonly string[],
  flags: EnableFlags,
  runtime: CliRuntime,
): Promise<void> {
  if (flags.quiet === true) {
    const problems = plan.notChanged.filter(({ reason }) => reason.code !== "EXEMPT");
    return writeNotes(runtime, describeNotChanged(problems));
  }
  await writeNotes(runtime, [
    ...notes,
    ...describePlan(plan),
    ...describeNotChanged(plan.notChanged),
  ]);
  if (flags.yes === true || plan.entries.length === 0) return;
  await writeNotes(runtime, ["nothing was changed. With --yes the plan is carried out"]);
}

/** Changes what the plan says, and audits again. */
async function carryOut(
  plan: Plan,
  config: Config,
  run: LocalRun & { readonly trigger: "cli"; readonly credentials: Credentials },
  flags: EnableFlags,
  runtime: CliRuntime,
): Promise<ExitCode> {
  const { credentials, ...localRun } = run;
  const stop = new AbortController();
  // From here on a signal does not end the process: a change that is under way is finished.
  const stopped = runtime.stopRequested().then(() => stop.abort());
  const isFailure = ({ outcome }: EntryOutcome): boolean => outcome === "failed";
  const changes = changeRun(config, localRun, credentials, runtime.clock);
  const entries = await changes.carryOut(plan, stop.signal, async (entry) => {
    if (flags.quiet === true && !isFailure(entry)) return;
    await writeNotes(runtime, [describeOutcome(entry)]);
  });
  if (flags.quiet !== true) await writeNotes(runtime, [describeOutcomes(entries)]);
  const report = stop.signal.aborted
    ? null
    : await Promise.race([
        auditAfter(configOfAudit(config, flags), localRun, credentials, flags, runtime),
        stopped.then(() => null),
      ]);
  if (flags.format === "json") await writeDocument(plan, entries, report, runtime);
  if (report === null) {
    await writeNotes(runtime, [
      "interrupted, so no report follows. Run the same command again to continue",
    ]);
    return EXIT_CODES.COULD_NOT_RUN;
  }
  if (flags.format !== "json") {
    await printReport(report, flags, runtime);
  } else if (flags.quiet !== true) {
    await writeNotes(runtime, [...(report.warnings ?? []), describeSummary(report)]);
  }
  return exitCodeOf(report.summary);
}

/** Whichever rules are chosen, the audit afterwards also asks those that the plan was made by. */
function configOfAudit(config: Config, { flowLogs }: EnableFlags): Config {
  const asked = [
    ...config.rules,
    ...DEFAULT_RULE_IDS,
    ...(flowLogs === true ? [FLOW_LOG_RULE_ID] : []),
  ];
  return { ...config, rules: RULE_IDS.filter((id) => asked.includes(id)) };
}

async function auditAfter(
  config: Config,
  run: LocalRun & { readonly trigger: "cli" },
  credentials: Credentials,
  flags: EnableFlags,
  runtime: CliRuntime,
): Promise<Report> {
  const progress = await startProgress(runtime, flags.quiet !== true, "Auditing again");
  try {
    return await auditLocally(config, run, credentials, runtime, progress);
  } finally {
    progress.stop();
  }
}

/** The one document of `--format json`. */
async function writeDocument(
  { notChanged }: Plan,
  plan: Plan["entries"],
  report: Report | null,
  { stdout }: CliRuntime,
): Promise<void> {
  const document = { plan, notChanged, ...(report !== null && { report }) };
  await write(stdout, `${JSON.stringify(document, null, 2)}\n`);
}
