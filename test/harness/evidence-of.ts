import type { Evidence, Exchange } from "../../shared/audit/finding.ts";

/** The evidence of one request at the given exchange. */
export function evidenceOf(exchange: Exchange): Evidence {
  return { ...exchange, attempts: 1, checkedAt: new Date().toISOString(), durationMs: 4 };
}
