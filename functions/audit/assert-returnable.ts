import type { Report } from "../../shared/audit/report.ts";
import { OutputError } from "../../shared/audit/run-error.ts";
import type { HttpResponse } from "./http-response.ts";

/**
 * Bytes of what an invocation can return.
 *
 * @see https://www.alibabacloud.com/help/en/functioncompute/fc/product-overview/limits
 */
const MAX_ANSWER_BYTES = 32 * 1_024 * 1_024;
/** Findings that fit in any format: the longest have some kilobytes, with their remedy. */
const FITTING_FINDINGS = 2_000;

/**
 * Makes sure that Function Compute can return an answer: it would fail without naming a cause. The body
 * of an HTTP answer is a text in JSON, so that each quote and line end in it takes two bytes.
 *
 * @param answer - the report, or an HTTP answer with it
 * @throws {@link OutputError} when the answer is too large
 */
export function assertReturnable(report: Report, answer: Report | HttpResponse = report): void {
  if (report.findings.length <= FITTING_FINDINGS) return;
  const bytes = Buffer.byteLength(JSON.stringify(answer));
  if (bytes <= MAX_ANSWER_BYTES) return;
  const megabytes = Math.ceil(bytes / 1_024 / 1_024);
  const smaller = answer === report ? "" : ", for a smaller format such as table";
  throw new OutputError(
    `The report of ${report.scope.accounts.length} accounts has ${megabytes} MB, and Function Compute returns 32 MB at most. Ask for some accounts at a time, by "accounts" in the event or --accounts${smaller}, or audit from a machine of your own.`,
  );
}
