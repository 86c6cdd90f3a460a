import { TOOL } from "../../../../shared/program/tool.ts";
import type { CheckResult, CheckStatus } from "./outcome.ts";

/** What `doctor --format json` prints. Within a `schemaVersion` keys are only added. */
export interface DoctorReport {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: string; readonly version: string };
  /** ISO 8601, UTC. */
  readonly checkedAt: string;
  /** `problem` where the exit code is 3. */
  readonly status: "ok" | "warning" | "problem";
  readonly summary: Readonly<Record<CheckStatus, number>>;
  readonly checks: readonly ReportedCheck[];
}

/** One check; every key is always there. */
export interface ReportedCheck {
  readonly id: string;
  readonly title: string;
  readonly status: CheckStatus;
  readonly code: string | null;
  readonly detail: string;
  readonly lines: readonly string[];
  readonly fix: string | null;
  readonly durationMs: number;
  readonly endpoint: string | null;
  readonly httpStatus: number | null;
  readonly requestId: string | null;
}

/** @param results - in the order in which they are shown */
export function doctorReport(results: readonly CheckResult[], at: Date): DoctorReport {
  const summary = countStatuses(results);
  return {
    schemaVersion: 1,
    tool: { name: TOOL.name, version: TOOL.version },
    checkedAt: at.toISOString(),
    status: summary.problem > 0 ? "problem" : summary.warning > 0 ? "warning" : "ok",
    summary,
    checks: results.map((result) => ({
      id: result.id,
      title: result.title,
      status: result.status,
      code: result.code,
      detail: result.detail,
      lines: result.lines ?? [],
      fix: result.fix ?? null,
      durationMs: result.durationMs,
      endpoint: result.exchange?.endpoint ?? null,
      httpStatus: result.exchange?.httpStatus ?? null,
      requestId: result.exchange?.requestId ?? null,
    })),
  };
}

function countStatuses(results: readonly CheckResult[]): Record<CheckStatus, number> {
  const counts = { ok: 0, warning: 0, problem: 0, skipped: 0 };
  for (const { status } of results) counts[status] += 1;
  return counts;
}
