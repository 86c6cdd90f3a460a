import type { Finding } from "../../shared/audit/finding.ts";
import type { Summary } from "../../shared/audit/report.ts";
import { assumeAccount } from "../../shared/conclude/assume-account.ts";
import { concludeRun } from "../../shared/conclude/conclude-run.ts";
import { findingEntries, shownFindings } from "../../shared/conclude/finding-log.ts";
import { failedEntry } from "../../shared/conclude/run-log.ts";
import { type HeartbeatRun, withHeartbeat } from "../../shared/conclude/with-heartbeat.ts";
import type { Config } from "../../shared/config/config.ts";
import { narrowsScope } from "../../shared/config/schema.ts";
import {
  auditFunction,
  configOf,
  functionRegionNames,
  type FunctionRun,
} from "../../shared/entry/audit-function.ts";
import {
  type FunctionContext,
  invocationTimeMs,
  readContext,
} from "../../shared/entry/function-context.ts";
import type { openFunctionEvidence } from "../../shared/entry/function-evidence.ts";
import type { FunctionRuntime } from "../../shared/entry/function-runtime.ts";
import { openFunctionState } from "../../shared/entry/function-state.ts";
import { createTransport } from "../../shared/http/transport.ts";
import type { Delivery } from "../../shared/notify/deliver.ts";
import { createReceivers } from "../../shared/notify/receivers.ts";
import { startTimeBudget, type TimeBudget } from "../../shared/retry/time-budget.ts";
import { loadRules } from "../../shared/rules/rules.ts";
import { runIdOf } from "../../shared/run/run-id.ts";
import { accountsAuditor } from "./audit-accounts.ts";
import { type CheckEvent, readCheckEvent } from "./check-event.ts";

/** What an invocation returns. Non-compliance is a result, not a failure. */
export interface CheckResult {
  readonly runId: string;
  readonly summary: Summary;
  /** The findings that are not compliant, could not be read, or are exempt: the worst 1,000. */
  readonly findings: readonly Finding[];
  /** The delivery of the alert to each receiver; empty when no alert was due. */
  readonly receivers: readonly Delivery[];
}

/**
 * Audits, then alerts.
 *
 * @throws `RunError` when the run failed: event, configuration or credentials are wrong, the scope
 *   could not be resolved, nothing could be read, an alert that was due reached no receiver, or the
 *   report could not be kept as evidence
 */
export async function check(
  event: Uint8Array,
  rawContext: Partial<FunctionContext> | undefined,
  runtime: FunctionRuntime,
): Promise<CheckResult> {
  const { log } = runtime;
  const context = readContext(rawContext);
  const invocation = startTimeBudget(invocationTimeMs(context), "DEADLINE_EXCEEDED");
  let runId: string | null = null;
  try {
    const checkEvent = readCheckEvent(event);
    runId = runIdFor(checkEvent, context);
    const config = configOf(runtime, checkEvent.layer);
    // Closed at the end: an instance may be frozen between invocations, which breaks connections.
    using transport = createTransport(config.proxy);
    const run = { runId, trigger: checkEvent.trigger, transport };
    const heartbeat = { address: config.heartbeat, runId, log, transport, within: invocation };
    // Only a run whose event does not narrow the scope shows what has left it.
    const wholeScope = !narrowsScope(checkEvent.layer.values);
    return await withHeartbeat(heartbeat, (about) =>
      auditAndAlert(config, { ...run, wholeScope }, context, { ...runtime, ...about }, invocation),
    );
  } catch (error) {
    log(failedEntry(runId, error));
    throw error;
  } finally {
    invocation.release();
  }
}

interface CheckRun extends FunctionRun {
  readonly wholeScope: boolean;
}

async function auditAndAlert(
  config: Config,
  { wholeScope, ...run }: CheckRun,
  context: FunctionContext,
  runtime: FunctionRuntime & HeartbeatRun,
  invocation: TimeBudget,
): Promise<CheckResult> {
  const { log, clock } = runtime;
  const { alerts } = config;
  const store = openFunctionState(config, context, runtime, run.transport);
  const evidence = await openEvidence(config, context, runtime, run.transport);
  const report = await auditFunction(config, run, context, runtime, invocation, {
    assumeAccount: () => assumeAccount(store),
    auditAccounts: accountsAuditor(config, run, context, runtime),
  });
  const findings = shownFindings(report);
  for (const entry of findingEntries(run.runId, findings)) log(entry);
  const { deliveries, stateProblem } = await concludeRun(
    report,
    createReceivers(alerts.receivers, run.transport),
    {
      loadCards: loadRules,
      policy: alerts,
      store,
      clock,
      within: invocation,
      regionNames: functionRegionNames(config, run, context),
      log,
      wholeScope,
      evidence,
      onKept: runtime.kept,
    },
  );
  if (stateProblem !== null) runtime.fail();
  return {
    runId: run.runId,
    summary: report.summary,
    findings: findings.shown,
    receivers: deliveries,
  };
}

/** What keeps evidence is loaded only where that is configured. */
async function openEvidence(
  ...run: Parameters<typeof openFunctionEvidence>
): Promise<ReturnType<typeof openFunctionEvidence>> {
  const [{ evidence }] = run;
  if (evidence.kind === "none") return null;
  const { openFunctionEvidence } = await import("../../shared/entry/function-evidence.ts");
  return openFunctionEvidence(...run);
}

/**
 * The same id for a repeated tick of a timer, since Function Compute invokes at least once; another
 * id for a timer of the same name of another function.
 */
function runIdFor({ tick }: CheckEvent, context: FunctionContext): string {
  const {
    accountId,
    region,
    requestId,
    function: { name },
  } = context;
  return tick === null
    ? runIdOf(accountId, region, name, requestId)
    : runIdOf(accountId, region, name, tick.triggerName, tick.triggerTime);
}
