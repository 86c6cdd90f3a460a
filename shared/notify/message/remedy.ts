import type { Finding } from "../../audit/finding.ts";
import type { Remedy, RuleCard } from "../../audit/rule-card.ts";
import { cleanText } from "../../text/clean-text.ts";
import { resourceId } from "./subject-name.ts";

/** The remedy of what a finding is about. */
export function remedyOf(card: RuleCard, { regionId, resource }: Finding): Remedy {
  const remedy = card.remedy({
    regionId: cleanText(regionId),
    ...(resource !== undefined && { resource: { ...resource, id: resourceId(resource) } }),
  });
  return { ...remedy, consoleUrl: withoutMarks(remedy.consoleUrl) };
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

/** The remedy of every finding like this one: of any region, or of any resource of the type. */
export function remedyPattern(card: RuleCard, { resource }: Finding): RemedyPattern {
  const { command, consoleUrl } = card.remedy(
    resource === undefined
      ? { regionId: ANY_ID }
      : { regionId: ANY_REGION, resource: { type: resource.type, id: ANY_ID } },
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
