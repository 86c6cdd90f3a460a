import type { Finding, Status } from "../audit/finding.ts";
import type { Report } from "../audit/report.ts";
import { RunError } from "../audit/run-error.ts";
import type { AlertReason } from "../alerts/plan.ts";
import type { PlanOutcome } from "./deliver-plan.ts";

/** One JSON object of a log. */
export type LogEntry = Readonly<Record<string, unknown>>;

/** Takes the entries of a log. */
export type Log = (entry: LogEntry) => void;

/** What JSON leaves as it is, and a terminal or a reader of lines takes for a control character. */
const CONTROLS = /[\u007f-\u009f\u2028\u2029]/g;

/**
 * Writes a log as JSON lines, each with its time.
 *
 * The spaces before the time are for `s ... logs`: it replaces the first space-separated word of a
 * line by a formatted date where the word contains one, and drops the third word where it is
 * `[silly]`. The first three words are therefore the brace, the name and the beginning of the time,
 * whatever the entry holds.
 *
 * @param clock - what time it is
 * @see https://github.com/devsapp/fc3/blob/master/src/subCommands/logs/index.ts
 */
export function jsonLog(stream: NodeJS.WritableStream, clock: () => Date): Log {
  return (entry) => {
    const fields = JSON.stringify(entry).slice(1).replaceAll(CONTROLS, escapeCharacter);
    const separator = fields === "}" ? "" : ",";
    stream.write(`{ "time": "${clock().toISOString()}"${separator}${fields}\n`);
  };
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** A region that is not compliant, could not be read, or is exempt. */
export function findingEntry(runId: string, finding: Finding): LogEntry {
  const { ruleId, accountId, regionId, status, reason, evidence } = finding;
  return {
    level: status === "IGNORED" ? "info" : "warn",
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

/** What the log states of an alert's outcome. */
type LoggedAlert = Pick<PlanOutcome, "deliveries"> & { readonly reason: AlertReason };

/** A run that did its job. */
export function doneEntry(report: Report, outcome: LoggedAlert): LogEntry {
  const { runId, trigger, summary } = report;
  const { reason, deliveries } = outcome;
  const undelivered = reason === "NO_RECEIVER_CONFIGURED";
  const failed = deliveries.some(({ status }) => status === "failed");
  return {
    level: undelivered || failed || summary.insufficientData > 0 ? "warn" : "info",
    event: "run",
    runId,
    trigger,
    outcome: "done",
    summary,
    nonCompliant: regionsOf(report, "NON_COMPLIANT"),
    unreadable: regionsOf(report, "INSUFFICIENT_DATA"),
    ...describeAlert(outcome),
  };
}

/** What a run's line says of its alert. */
export function describeAlert({ reason, deliveries }: LoggedAlert): LogEntry {
  return { alert: reason, receivers: deliveries };
}

/** Something that somebody should look at, though the run goes on. */
export function warningEntry(runId: string, message: string): LogEntry {
  return { level: "warn", event: "warning", runId, message };
}

function regionsOf({ findings }: Report, status: Status): string[] {
  return findings.filter((finding) => finding.status === status).map(({ regionId }) => regionId);
}

/** An audit on demand that ran, whatever it found. */
export function auditedEntry({ runId, trigger, summary }: Report): LogEntry {
  return { level: "info", event: "run", runId, trigger, outcome: "done", summary };
}

/** A run that was due while another one was under way, or while the process could not run. */
export function skippedEntry(): LogEntry {
  return {
    level: "warn",
    event: "run",
    runId: null,
    outcome: "skipped",
    message: "the run before it was still under way, or the process could not run when it was due",
  };
}

/** Why a run did not do its job. Only what we word ourselves is repeated. */
export function describeFailure(error: unknown): {
  readonly error: string;
  readonly message: string;
} {
  return {
    error: error instanceof Error ? error.name : "unknown",
    message: error instanceof RunError ? error.message : "internal error",
  };
}

/**
 * A run that did not do its job.
 *
 * @param level - `"warn"` where the caller asked for something that cannot be done, and was told so
 */
export function failedEntry(
  runId: string | null,
  error: unknown,
  level: "warn" | "error" = "error",
): LogEntry {
  return {
    level,
    event: "run",
    runId,
    outcome: "failed",
    ...describeFailure(error),
    ...(error instanceof RunError && error.done),
  };
}
