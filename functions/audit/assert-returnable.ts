import type { Report } from "../../shared/audit/report.ts";
import { OutputError } from "../../shared/audit/run-error.ts";

/**
 * Bytes of what an invocation can return.
 *
 * @see https://www.alibabacloud.com/help/en/functioncompute/fc/product-overview/limits
 */
const MAX_ANSWER_BYTES = 32 * 1_024 * 1_024;
/** Findings that fit in any case: the longest have some kilobytes, with their remedy. */
const FITTING_FINDINGS = 5_000;

/**
 * Makes sure that Function Compute can return a report: it would fail without naming a cause.
 *
 * @throws {@link OutputError} when the report is too large
 */
export function assertReturnable(report: Report): void {
  if (report.findings.length <= FITTING_FINDINGS) return;
  const bytes = Buffer.byteLength(JSON.stringify(report));
  if (bytes <= MAX_ANSWER_BYTES) return;
  const megabytes = Math.ceil(bytes / 1_024 / 1_024);
  throw new OutputError(
    `The report of ${report.scope.accounts.length} accounts has ${megabytes} MB, and Function Compute returns 32 MB at most. Ask for some accounts at a time, by "accounts" in the event or --accounts, or audit from a machine of your own.`,
  );
}
