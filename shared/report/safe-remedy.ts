import type { Finding } from "../audit/finding.ts";
import type { Remedy, RuleCard } from "../audit/rule-card.ts";
import { isRegionId } from "../audit/scope.ts";
import { cellText } from "./table/cell-text.ts";

/**
 * The remedy of what a finding is about, whatever its status, safe to copy. There is no command where an id
 * has characters that are not shown, or the region's is none: a shell could take it for something else.
 *
 * @param card - of the finding's rule
 */
export function safeRemedy(finding: Finding, card: RuleCard): Remedy {
  const { regionId, resource } = finding;
  const remedy = card.remedy({
    ...finding,
    regionId: cellText(regionId),
    ...(resource !== undefined && { resource: { ...resource, id: cellText(resource.id) } }),
  });
  const { command } = remedy;
  const isSafe = isRegionId(regionId) && command !== null && cellText(command) === command;
  return { ...remedy, command: isSafe ? command : null };
}
