import { observedOf } from "./audit/finding.ts";
import { NothingReadError } from "./audit/run-error.ts";
import type { Report } from "./audit/report.ts";
import type { Receiver } from "./notify/receiver.ts";
import {
  type AlertOutcome,
  assertReachedSomebody,
  raiseAlert,
  type RaiseAlertOptions,
} from "./notify/raise-alert.ts";
import { doneEntry, type Log, warningEntry } from "./run-log.ts";

/**
 * What follows the audit of a run that nobody watches: the alert, if one is due, and the run's line
 * in the log.
 *
 * @throws `NothingReadError` when nothing in scope could be read
 * @throws `AlertError` when an alert was due and reached nobody
 */
export async function concludeRun(
  report: Report,
  receivers: readonly Receiver[],
  options: RaiseAlertOptions & { readonly log: Log },
): Promise<AlertOutcome> {
  for (const warning of report.warnings ?? []) options.log(warningEntry(report.runId, warning));
  assertSomethingRead(report);
  const alert = await raiseAlert(report, receivers, options);
  assertReachedSomebody(alert);
  options.log(doneEntry(report, alert));
  return alert;
}

function assertSomethingRead({ findings }: Report): void {
  const observed = findings.map(observedOf);
  if (observed.some(({ status }) => status !== "INSUFFICIENT_DATA")) return;
  const codes = [...new Set(observed.map(({ reason }) => reason.code))].join(", ");
  throw new NothingReadError(
    `None of the regions in scope could be read (${codes}). ${observed[0]?.reason.message}`,
  );
}
