import { observedOf } from "../audit/finding.ts";
import type { Report } from "../audit/report.ts";
import { NothingReadError } from "../audit/run-error.ts";
import type { Receiver } from "../notify/receiver.ts";
import { type AlertOutcome, assertConcluded, describeAlert } from "./alert-outcome.ts";
import { raiseAlert, type RaiseAlertOptions } from "./raise-alert.ts";
import { doneEntry, type Log, warningEntry } from "./run-log.ts";

export interface ConcludeRunOptions extends RaiseAlertOptions {
  readonly log: Log;
  /** Called with the SHA-256 of the manifest where the report was kept, whatever follows. */
  readonly onKept?: (manifestSha256: string) => void;
}

/**
 * Concludes an unattended run: keeps its evidence, raises the alert, if one is due, and writes the run's line in the log.
 * That nothing could be read is an error only after the alert, which may be due because of it.
 *
 * @throws `AlertError` when an alert was due and reached no receiver
 * @throws `EvidenceError` when the report could not be kept
 * @throws `NothingReadError` when nothing in scope could be read
 * @throws `StateError` when another run holds the lock of the state and does not release it in time
 */
export async function concludeRun(
  report: Report,
  receivers: readonly Receiver[],
  { log, onKept, ...options }: ConcludeRunOptions,
): Promise<AlertOutcome> {
  const alert = await raiseAlert(report, receivers, options);
  for (const warning of [...(report.warnings ?? []), ...alert.warnings]) {
    log(warningEntry(report.runId, warning));
  }
  const { manifestSha256 = null } = alert.evidence ?? {};
  if (manifestSha256 !== null) onKept?.(manifestSha256);
  assertConcluded(alert);
  assertSomethingRead(report, alert);
  log(doneEntry(report, alert));
  return alert;
}

/**
 * @param alert - its outcome, for the run's line in the log
 * @throws {@link NothingReadError} when nothing in scope could be read
 */
export function assertSomethingRead({ findings }: Report, alert?: AlertOutcome): void {
  const observed = findings.map(observedOf);
  if (observed.some(({ status }) => status !== "INSUFFICIENT_DATA")) return;
  const codes = [...new Set(observed.map(({ reason }) => reason.code))].join(", ");
  throw new NothingReadError(
    `None of the regions in scope could be read (${codes}). ${observed[0]?.reason.message}`,
    { done: alert === undefined ? {} : describeAlert(alert) },
  );
}
