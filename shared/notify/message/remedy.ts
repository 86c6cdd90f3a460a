import type { Alert } from "../../alerts/alert.ts";
import type { Finding } from "../../audit/finding.ts";
import type { RuleCard } from "../../audit/rule-card.ts";
import { cleanText } from "../../text/clean-text.ts";

/** What is known of the rule that a finding is of. */
export function cardOf({ cards }: Pick<Alert, "cards">, { ruleId }: Finding): RuleCard | undefined {
  return cards.find(({ id }) => id === ruleId);
}

/** The page of the console that a finding is mended on. */
export function consoleUrl({ remedy }: RuleCard, { regionId }: Finding): string {
  return withoutMarks(remedy.consoleUrl(cleanText(regionId)));
}

/** The command that mends a finding. */
export function remedyCommand({ remedy }: RuleCard, { regionId }: Finding): string {
  return remedy.command(cleanText(regionId));
}

/** What stands for a region's id in a pattern. */
const ANY_ID = "<id>";

/** The command that mends a finding, of any region. */
export function commandPattern({ remedy }: RuleCard): string {
  return remedy.command(ANY_ID);
}

/** The address of the page that a finding of any region is mended on: to be read, and no link. */
export function consolePattern({ remedy }: RuleCard): string {
  return remedy
    .consoleUrl(ANY_ID)
    .replaceAll(encodeURIComponent(ANY_ID), ANY_ID)
    .replace(/^https:\/\//, "");
}

/** Encodes what an address may hold, and a link in a chat's markdown may not. */
function withoutMarks(url: string): string {
  return url.replaceAll(
    /[!'()*~_]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
