import type { Alert } from "../../alerts/alert.ts";
import type { Finding } from "../../audit/finding.ts";
import type { Resource } from "../../audit/subject.ts";
import { cleanText } from "../../text/clean-text.ts";
import type { Span } from "./draft.ts";
import { joined, prefixed } from "./spans.ts";
import type { Words } from "./words.ts";

/** Bytes of a name from outside. */
const MAX_NAME_BYTES = 60;
/** Bytes of a resource's id: that of a log store, with its project, has 127. */
const MAX_RESOURCE_ID_BYTES = 256;

/** The id of a resource as messages show it: not cut, since those of two may begin alike. */
export function resourceId({ id }: Resource, maxBytes = MAX_RESOURCE_ID_BYTES): string {
  return cleanText(id, maxBytes);
}

/**
 * The ids by which a reader finds the subject of a finding: its region, and its resource where it is
 * about one: `cn-hangzhou/vpc-bp1…`.
 *
 * @param maxBytes - of each id
 */
export function subjectId({ regionId, resource }: Finding, maxBytes?: number): string {
  const region = cleanText(regionId, maxBytes);
  return resource === undefined ? region : `${region}/${resourceId(resource, maxBytes)}`;
}

/** What a resource, and the region of a finding, are called; empty where neither has a name. */
export function subjectNames(
  finding: Finding,
  alert: Pick<Alert, "localNames">,
  words: Words,
): Span[] {
  return joined(
    [resourceName(finding), localName(finding, alert, words)].filter(({ length }) => length > 0),
    " · ",
  );
}

/** What its owner calls a resource; empty for a region as a whole. */
export function resourceName({ resource }: Finding): Span[] {
  const text = cleanText(resource?.name ?? "", MAX_NAME_BYTES);
  return text === "" ? [] : [{ kind: "outside", text }];
}

/** What the cloud calls a region, in the message's language if that is known; empty where it is not. */
export function localName(
  { regionId, localName: reported = "" }: Finding,
  { localNames }: Pick<Alert, "localNames">,
  words: Words,
): Span[] {
  const text = cleanText(localNames?.get(regionId) ?? reported, MAX_NAME_BYTES);
  const shown = text !== "" && (words.showsAnyLocalName || /^[\x20-\x7e…]*$/.test(text));
  return shown ? [{ kind: "outside", text }] : [];
}

/** A subject in a list: its ids, with its name where there is room for names. */
export function listedSubject(
  finding: Finding,
  alert: Pick<Alert, "localNames">,
  words: Words,
  withNames: boolean,
): Span[] {
  // The name of a region would be repeated for each of its resources.
  const name =
    finding.resource === undefined ? localName(finding, alert, words) : resourceName(finding);
  return [{ kind: "strong", text: subjectId(finding) }, ...(withNames ? prefixed(" ", name) : [])];
}
