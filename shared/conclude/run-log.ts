import type { Finding, Status } from "../audit/finding.ts";
import type { Report } from "../audit/report.ts";
import { RunError } from "../audit/run-error.ts";
import { type AlertOutcome, describeAlert } from "./alert-outcome.ts";

/** One JSON object of a log. */
export type LogEntry = Readonly<Record<string, unknown>>;

/** Writes an entry to a log. */
export type Log = (entry: LogEntry) => void;

/** Characters that JSON does not escape, but terminals or line readers treat as controls. */
const CONTROLS = /[\u007f-\u009f\u2028\u2029]/g;

/**
 * Writes a log as JSON lines, each with its time.
 *
 * The spaces before the time are for `s ... logs`: it replaces the first space-separated word of a
 * line by a formatted date where the word contains one, and drops the third word where it is
 * `[silly]`. The first three words are therefore the brace, the name and the beginning of the time,
 * whatever the entry contains.
 *
 * @param clock - the current time
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

/** A region or resource that is not compliant, could not be read, or is exempt. */
export function findingEntry(runId: string, finding: Finding): LogEntry {
  const { ruleId, accountId, regionId, resource, status, reason, evidence } = finding;
  return {
    level: status === "IGNORED" ? "info" : "warn",
    event: "finding",
    runId,
    ruleId,
    accountId,
    regionId,
    ...(resource !== undefined && { resource }),
    status,
    reasonCode: reason.code,
    message: reason.message,
    requestId: evidence.requestId,
  };
}

/** A run that succeeded. */
export function doneEntry(report: Report, outcome: AlertOutcome): LogEntry {
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
    ...accountsOf(report),
    ...resourcesOf(report),
    ...describeAlert(outcome),
  };
}

/** Something that needs attention, although the run continues. */
export function warningEntry(runId: string, message: string): LogEntry {
  return { level: "warn", event: "warning", runId, message };
}

/** Maximum number of accounts, and of resources, of each status in a run's line of the log. */
const MAX_IDS = 1_000;

/** The regions in which anything has a status, each once. */
function regionsOf({ findings }: Report, status: Status): string[] {
  const withStatus = findings.filter((finding) => finding.status === status);
  return [...new Set(withStatus.map(({ regionId }) => regionId))];
}

/** The accounts in which anything is not compliant or could not be read; nothing where one is audited. */
function accountsOf({ findings, scope }: Report): LogEntry {
  if (scope.accounts.length < 2) return {};
  const idsWith = (status: Status): readonly string[] => {
    const withStatus = findings.filter((finding) => finding.status === status);
    return [...new Set(withStatus.map(({ accountId }) => accountId))];
  };
  return { accounts: limited(idsWith("NON_COMPLIANT"), idsWith("INSUFFICIENT_DATA")) };
}

/** The resources that are not compliant or could not be read; nothing where there are none. */
function resourcesOf({ findings, scope }: Report): LogEntry {
  const isOfSeveral = scope.accounts.length > 1;
  const idsWith = (status: Status): LogEntry[] =>
    findings.flatMap(({ ruleId, accountId, regionId, resource, status: found }) =>
      resource === undefined || found !== status
        ? []
        : [
            {
              ruleId,
              ...(isOfSeveral && { accountId }),
              regionId,
              type: resource.type,
              id: resource.id,
            },
          ],
    );
  const nonCompliant = idsWith("NON_COMPLIANT");
  const unreadable = idsWith("INSUFFICIENT_DATA");
  return nonCompliant.length + unreadable.length === 0
    ? {}
    : { resources: limited(nonCompliant, unreadable) };
}

/** Lists for a line of the log, and how many entries they have no room for. */
function limited(nonCompliant: readonly unknown[], unreadable: readonly unknown[]): LogEntry {
  const more = [nonCompliant, unreadable].reduce(
    (sum, { length }) => sum + Math.max(0, length - MAX_IDS),
    0,
  );
  return {
    nonCompliant: nonCompliant.slice(0, MAX_IDS),
    unreadable: unreadable.slice(0, MAX_IDS),
    ...(more > 0 && { more }),
  };
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

/** Why a run failed. Only messages of this program's own errors are repeated. */
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
 * A run that failed.
 *
 * @param level - `"warn"` where the request was wrong, and the caller gets the error
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
