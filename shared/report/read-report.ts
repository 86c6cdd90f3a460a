import * as v from "valibot";

import type { ReasonCode, Status } from "../audit/finding.ts";
import { type Report, summarize, type Trigger } from "../audit/report.ts";

/** Text for a terminal: nothing in it moves a cursor. */
const text = v.pipe(v.string(), v.regex(/^\P{Cc}*$/u));

const STATUSES = [
  "COMPLIANT",
  "NON_COMPLIANT",
  "INSUFFICIENT_DATA",
  "NOT_APPLICABLE",
  "IGNORED",
] as const satisfies readonly Status[];

/** Codes and triggers that a newer function has are taken as they are: within a version, fields and values are added. */
const code = v.pipe(
  v.string(),
  v.regex(/^[A-Z_]+$/),
  v.transform((value) => value as ReasonCode),
);

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const ReportSchema = v.pipe(
  v.object({
    schemaVersion: v.literal(1),
    tool: v.object({ name: text, version: text }),
    runId: text,
    trigger: v.pipe(
      text,
      v.transform((value) => value as Trigger),
    ),
    startedAt: v.pipe(v.string(), v.isoTimestamp()),
    finishedAt: v.pipe(v.string(), v.isoTimestamp()),
    caller: v.nullable(v.object({ accountId: text, arn: v.nullable(text) })),
    scope: v.object({ accounts: v.array(text), regions: v.array(text) }),
    summary: v.object({
      total: count,
      compliant: count,
      nonCompliant: count,
      insufficientData: count,
      notApplicable: count,
      ignored: count,
    }),
    findings: v.array(
      v.object({
        ruleId: text,
        accountId: text,
        regionId: text,
        status: v.picklist(STATUSES),
        reason: v.object({ code, message: text }),
        evidence: v.object({
          requestId: v.nullable(text),
          endpoint: v.nullable(text),
          httpStatus: v.nullable(count),
          attempts: count,
          checkedAt: v.nullable(v.string()),
          durationMs: v.nullable(v.number()),
        }),
      }),
    ),
  }),
  v.check(({ scope, findings }) =>
    scope.regions.every((regionId) => findings.some((finding) => finding.regionId === regionId)),
  ),
  v.check(
    ({ summary, findings }) => JSON.stringify(summarize(findings)) === JSON.stringify(summary),
  ),
);

/**
 * Reads a report that came from elsewhere.
 *
 * @returns null when it is none: a field is missing, a region of the scope has no finding, or the
 * sum is not that of the findings
 */
export function readReport(value: unknown): Report | null {
  const parsed = v.safeParse(ReportSchema, value);
  return parsed.success ? parsed.output : null;
}
