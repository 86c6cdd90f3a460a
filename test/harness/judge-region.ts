import type { Verdict } from "../../shared/audit/finding.ts";
import { DEFAULT_RULE_SETTINGS, type RuleSettings } from "../../shared/audit/rule-settings.ts";
import type { Rule } from "../../shared/rules/rule.ts";
import { assertVerdicts } from "../../shared/run/assert-verdicts.ts";
import { type RegionContent, REGION_ID, regionOf } from "./region-of.ts";

/** Evaluates a rule in a region of the given content, as a run does. */
export async function judgeRegion(
  rule: Rule,
  content: RegionContent,
  settings: Partial<RuleSettings> = {},
): Promise<{ readonly verdicts: readonly Verdict[]; readonly asked: readonly string[] }> {
  const region = regionOf(content);
  const verdicts = await rule.evaluate(region, { ...DEFAULT_RULE_SETTINGS, ...settings });
  assertVerdicts(verdicts, rule.id, REGION_ID);
  for (const { status, reason, remedy } of verdicts) {
    const own = rule.reasons[reason.code];
    // A failure code is on no card.
    if (own !== undefined && own.status !== status) throw new Error(`${reason.code} is ${status}`);
    if ((status === "NON_COMPLIANT") !== (remedy !== undefined)) {
      throw new Error(`${status} ${reason.code} has ${remedy === undefined ? "no" : "a"} remedy`);
    }
  }
  return { verdicts, asked: region.asked };
}

/** A line for each verdict: id, status and code. */
export function outlineOf(verdicts: readonly Verdict[]): string[] {
  return verdicts.map(
    ({ resource, status, reason }) => `${resource?.id ?? "region"} ${status} ${reason.code}`,
  );
}

/** The messages of all verdicts. */
export function messagesOf(verdicts: readonly Verdict[]): string {
  return verdicts.map(({ reason }) => reason.message).join("\n");
}
