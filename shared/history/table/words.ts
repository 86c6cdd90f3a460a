import { cellText } from "../../report/table/cell-text.ts";
import type { GapReason, SubjectHistory } from "../history.ts";

/** A time to the minute: `2026-11-28T17:00Z`. */
export function describeTime(time: string): string {
  return new Date(time).toISOString().replace(/:\d\d\.\d{3}Z$/, "Z");
}

/** `1 day`, `3 days`. */
export function describeDays(days: number): string {
  return days === 1 ? "1 day" : `${days} days`;
}

/** What the table calls the reason of a gap. */
export const GAP_WORDS: Readonly<Record<GapReason, string>> = {
  NO_RUN: "no run",
  UNREADABLE: "could not be read",
  OUT_OF_SCOPE: "not asked about",
  EVIDENCE_UNUSABLE: "kept, but not usable",
};

/** The region, and the resource in it. */
export function describeSubject({ regionId, resource }: SubjectHistory): string {
  return resource === null ? cellText(regionId) : `${cellText(regionId)} ${cellText(resource.id)}`;
}
