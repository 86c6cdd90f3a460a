import type { Finding, Status } from "../../audit/finding.ts";
import type { RuleSummary } from "../../audit/rule-card.ts";
import { escapeInvisible } from "../../text/escape-invisible.ts";
import { worstFirst } from "../worst-first.ts";

/** Findings that a file has no room for. */
export interface LeftOut {
  /** By status; those with none are left out. */
  readonly counts: Readonly<Partial<Record<Status, number>>>;
  /** How many findings there are in all. */
  readonly total: number;
}

/** The findings that a file has room for, the worst first, and those that it has no room for. */
export interface Chosen<Entry> {
  readonly entries: readonly Entry[];
  /** Null where all are there. */
  readonly leftOut: LeftOut | null;
}

export interface Room {
  /** How many results there may be; notifications have no limit. */
  readonly maxResults: number;
  /** How many bytes all entries may have together; null for any number. */
  readonly maxBytes: number | null;
}

/** What a finding becomes in a file. */
export interface Entry {
  readonly kind: "result" | "notification";
  readonly value: object;
}

/**
 * Chooses the findings for which there is room: what is wrong or not known comes first, and what is
 * compliant is the first to go.
 *
 * @param toEntry - makes the entry of a finding, which is called for those that may have room
 */
export function chooseFindings(
  findings: readonly Finding[],
  rules: readonly RuleSummary[],
  { maxResults, maxBytes }: Room,
  toEntry: (finding: Finding) => Entry,
): Chosen<Entry> {
  const entries: Entry[] = [];
  const counts: Partial<Record<Status, number>> = {};
  let results = 0;
  let bytes = 0;
  let isFull = false;
  for (const finding of worstFirst(findings, rules)) {
    const entry: Entry | null = isFull ? null : toEntry(finding);
    const size: number = entry === null || maxBytes === null ? 0 : sizeOf(entry);
    // The first that does not fit closes the file: what is less bad must not take its place.
    isFull ||= maxBytes !== null && bytes + size > maxBytes;
    const isOver = entry?.kind === "result" && results === maxResults;
    if (entry === null || isFull || isOver) {
      counts[finding.status] = (counts[finding.status] ?? 0) + 1;
      continue;
    }
    entries.push(entry);
    bytes += size;
    if (entry.kind === "result") results += 1;
  }
  const total = findings.length;
  return { entries, leftOut: entries.length === total ? null : { counts, total } };
}

/** With the comma that follows it. */
function sizeOf({ value }: Entry): number {
  return Buffer.byteLength(escapeInvisible(JSON.stringify(value))) + 1;
}
