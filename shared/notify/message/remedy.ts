import type { Finding } from "../../audit/finding.ts";
import type { Remedy, RuleCard } from "../../audit/rule-card.ts";
import { cleanText } from "../../text/clean-text.ts";
import { resourceId } from "./subject-name.ts";

/** Bytes of a command: more than any has, with the longest names. */
const MAX_COMMAND_BYTES = 1_000;

/** The remedy of what a finding is about. */
export function remedyOf(
  card: RuleCard,
  { regionId, resource, reason, remedy: own }: Finding,
): Remedy {
  const remedy = card.remedy({
    regionId: cleanText(regionId),
    ...(resource !== undefined && { resource: { ...resource, id: resourceId(resource) } }),
    reason,
    ...(own !== undefined && { remedy: own }),
  });
  const { command } = remedy;
  return {
    ...remedy,
    command: command !== null && isShownWhole(command) ? command : null,
    consoleUrl: withoutMarks(remedy.consoleUrl),
  };
}

/** A command that a message would change, by cutting it, is another command. */
function isShownWhole(command: string): boolean {
  return cleanText(command, MAX_COMMAND_BYTES) === command;
}

/** The placeholders in a pattern for the id of a subject, and for the region of a resource. */
const ANY_ID = "<id>";
const ANY_REGION = "<region>";

/** A remedy in which placeholders stand for ids. */
export interface RemedyPattern {
  readonly command: string | null;
  /** The address of the page without its scheme: for reading, not as a link. */
  readonly page: string;
}

/**
 * The remedy of every finding like this one: of any region, or of any resource of the type, for the
 * same reason. What was made for this finding alone is none of the others'.
 */
export function remedyPattern(card: RuleCard, { resource, reason }: Finding): RemedyPattern {
  const { command, consoleUrl } = card.remedy(
    resource === undefined
      ? { regionId: ANY_ID, reason }
      : { regionId: ANY_REGION, resource: { type: resource.type, id: ANY_ID }, reason },
  );
  const page = [ANY_ID, ANY_REGION].reduce(
    (url, placeholder) => url.replaceAll(encodeURIComponent(placeholder), placeholder),
    consoleUrl,
  );
  return { command, page: page.replace(/^https:\/\//, "") };
}

/** Encodes characters that are allowed in an address, but not in a link of a chat's markdown. */
function withoutMarks(url: string): string {
  return url.replaceAll(
    /[!'()*~_]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
