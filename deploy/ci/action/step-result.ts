import type { Summary } from "../../../shared/audit/report.ts";
import type { FailOn } from "./inputs.ts";

/** The exit code of an audit that could not run. */
export const COULD_NOT_RUN = 3;
/** The exit code of an audit that could not read everything. */
const INCOMPLETE = 2;

/** What the step ends with. */
export interface StepResult {
  readonly exitCode: number;
  readonly outputs: Readonly<Record<string, string>>;
  /** Why the step passes though the audit is incomplete; null where it does not. */
  readonly warning: string | null;
}

/**
 * Decides what the step ends with.
 *
 * @param exitCode - of the audit; with `never`, 1 and 2 are 0 already
 * @param summary - of the report; null where there is none
 */
export function stepResult(exitCode: number, summary: Summary | null, failOn: FailOn): StepResult {
  const outputs = {
    "exit-code": String(exitCode),
    status: statusOf(exitCode, summary),
    compliant: String(summary?.compliant ?? ""),
    "non-compliant": String(summary?.nonCompliant ?? ""),
    "insufficient-data": String(summary?.insufficientData ?? ""),
  };
  // An audit that could read nothing says nothing, so it never passes.
  const isSomethingRead = summary !== null && summary.insufficientData < summary.total;
  if (exitCode !== INCOMPLETE || failOn === "insufficient_data" || !isSomethingRead) {
    return { exitCode, outputs, warning: null };
  }
  const warning = `The audit is incomplete: ${summary.insufficientData} of ${summary.total} could not be read. Whether they are compliant is not known.`;
  return { exitCode: 0, outputs, warning };
}

function statusOf(exitCode: number, summary: Summary | null): string {
  if (summary === null || exitCode >= COULD_NOT_RUN) return "failed";
  if (summary.nonCompliant > 0) return "non_compliant";
  return summary.insufficientData > 0 ? "insufficient_data" : "compliant";
}
