import type { Finding } from "../audit/finding.ts";
import type { Remedy, RuleCard } from "../audit/rule-card.ts";
import { isRegionId } from "../audit/scope.ts";
import { cellText } from "./table/cell-text.ts";

/**
 * The remedy of a finding, safe to copy; null where nothing is to be mended, or this version does not
 * know the rule. There is no command where an id has characters that are not shown, or the region's is
 * none: a shell could take it for something else.
 */
export function findingRemedy(finding: Finding, cards: readonly RuleCard[]): Remedy | null {
  const { status, ruleId, regionId, resource } = finding;
  const card = cards.find(({ id }) => id === ruleId);
  if (status !== "NON_COMPLIANT" || card === undefined) return null;
  const remedy = card.remedy({
    ...finding,
    regionId: cellText(regionId),
    ...(resource !== undefined && { resource: { ...resource, id: cellText(resource.id) } }),
  });
  const { command } = remedy;
  const isSafe = isRegionId(regionId) && command !== null && cellText(command) === command;
  return { ...remedy, command: isSafe ? command : null };
}
