import { cellText } from "../../report/table/cell-text.ts";
import type { SubjectHistory } from "../history.ts";

/** The region, and the resource in it. */
export function describeSubject({ regionId, resource }: SubjectHistory): string {
  return resource === null ? cellText(regionId) : `${cellText(regionId)} ${cellText(resource.id)}`;
}
