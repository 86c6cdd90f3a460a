import type { Verdict } from "../audit/finding.ts";

/**
 * Makes sure that a rule keeps its contract: one verdict on the region, or one on each of its
 * resources. Anything else would make the report incomplete or ambiguous.
 *
 * @throws `Error` when it does not: an internal error, which fails the run
 */
export function assertVerdicts(
  verdicts: readonly Verdict[],
  ruleId: string,
  regionId: string,
): void {
  if (verdicts.length === 1) return;
  const problem = problemOf(verdicts);
  if (problem !== null) {
    throw new Error(`internal error: the rule ${ruleId} gives ${problem} in ${regionId}`);
  }
}

function problemOf(verdicts: readonly Verdict[]): string | null {
  if (verdicts.length === 0) return "no verdict";
  const seen = new Set<string>();
  for (const { resource } of verdicts) {
    if (resource === undefined) return "a verdict on the region beside others";
    const key = JSON.stringify([resource.type, resource.id]);
    if (seen.has(key)) return `two verdicts on ${resource.type} ${resource.id}`;
    seen.add(key);
  }
  return null;
}
