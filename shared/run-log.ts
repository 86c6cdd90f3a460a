import type { Finding } from "./audit/finding.ts";
import type { Report } from "./audit/report.ts";
import { RunError } from "./audit/run-error.ts";
import type { AlertOutcome } from "./notify/raise-alert.ts";

/** One JSON object of a log. */
export type LogEntry = Readonly<Record<string, unknown>>;

/** Writes a log as JSON lines, each with its time. */
export function jsonLog(
  stream: NodeJS.WritableStream,
  clock: () => Date,
): (entry: LogEntry) => void {
  return (entry) => {
    stream.write(`${JSON.stringify({ time: clock().toISOString(), ...entry })}\n`);
  };
}

/** A region that is not compliant or could not be read. */
export function findingEntry(runId: string, finding: Finding): LogEntry {
  const { ruleId, accountId, regionId, status, reason, evidence } = finding;
  return {
    level: "warn",
    event: "finding",
    runId,
    ruleId,
    accountId,
    regionId,
    status,
    reasonCode: reason.code,
    message: reason.message,
    requestId: evidence.requestId,
  };
}

/** A run that did its job. */
export function doneEntry({ runId, trigger, summary }: Report, outcome: AlertOutcome): LogEntry {
  const { decision, deliveries } = outcome;
  const unheard = decision.due && deliveries.length === 0;
  const failed = deliveries.some(({ status }) => status === "failed");
  return {
    level: unheard || failed || summary.insufficientData > 0 ? "warn" : "info",
    event: "run",
    runId,
    trigger,
    outcome: "done",
    summary,
    alert: unheard ? "NO_RECEIVER_CONFIGURED" : decision.reason,
    receivers: deliveries,
  };
}

/** An audit on demand that ran, whatever it found. */
export function auditedEntry({ runId, trigger, summary }: Report): LogEntry {
  return { level: "info", event: "run", runId, trigger, outcome: "done", summary };
}

/** A run that did not do its job. Only what we word ourselves is repeated. */
export function failedEntry(runId: string | null, error: unknown): LogEntry {
  return {
    level: "error",
    event: "run",
    runId,
    outcome: "failed",
    error: error instanceof Error ? error.name : "unknown",
    message: error instanceof RunError ? error.message : "failed in a way it should not",
  };
}
