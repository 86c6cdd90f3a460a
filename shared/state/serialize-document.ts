import type { ConditionRecord, Entry, State } from "../alerts/alert-state.ts";
import { mayBeNotified } from "../alerts/decide.ts";
import { compareIds } from "../audit/compare-ids.ts";
import { compareSubjects } from "../audit/subject.ts";
import { SCHEMA_VERSION } from "./parse-document.ts";

/**
 * Writes a state as text, one subject on a line; what is remembered alike of several is written once.
 * Equal states give equal texts.
 */
export function serializeDocument({
  generation,
  entries,
  receivers,
  accounts,
  evidence,
}: State): string {
  const lines = groupAlike(entries.toSorted(compareSubjects)).map((group) => {
    const alike = JSON.stringify(storedAlike(group[0]));
    const subjects = group.map(subjectLine);
    return `\n    ${alike.slice(0, -1)},"subjects":[${subjects.join(",")}\n    ]}`;
  });
  const summaries = sortedByName(receivers, ({ summaryAtMs }) => ({ summaryAt: iso(summaryAtMs) }));
  const observed = sortedByName(accounts, ({ seenAtMs, source }) => ({
    seenAt: iso(seenAtMs),
    ...(source !== undefined && { source }),
  }));
  return `{
  "schemaVersion": ${SCHEMA_VERSION},
  "generation": ${generation},
  "entries": [${lines.join(",")}${lines.length > 0 ? "\n  " : ""}],
  "receivers": ${JSON.stringify(summaries)},
  "accounts": ${JSON.stringify(observed)}${evidence === undefined ? "" : `,\n  "evidence": ${JSON.stringify(evidence)}`}
}
`;
}

type Alike = [first: Entry, ...others: Entry[]];

/** Groups entries of which the same is remembered; the groups are in the order of their first entry. */
function groupAlike(entries: readonly Entry[]): Alike[] {
  const recordsOf = numbering();
  const groups = new Map<string, Alike>();
  for (const entry of entries) {
    const { seenAtMs, open, unreadable, notified } = entry;
    const since = open === null ? "" : `${open.sinceMs} ${open.code}`;
    const failed = unreadable === null ? "" : JSON.stringify(unreadable);
    const alike = `${recordsOf(notified)} ${seenAtMs} ${failed} ${since}`;
    const group = groups.get(alike);
    if (group === undefined) groups.set(alike, [entry]);
    else group.push(entry);
  }
  return [...groups.values()];
}

/** Returns a function that numbers records: those with equal texts have one number. */
function numbering(): (notified: Entry["notified"]) => number {
  // Most entries share the object, so few texts are written.
  const numbers = new Map<Entry["notified"], number>();
  const numbersOfTexts = new Map<string, number>();
  return (notified) => {
    const known = numbers.get(notified);
    if (known !== undefined) return known;
    const text = JSON.stringify(storedRecords(notified));
    const number = numbersOfTexts.get(text) ?? numbersOfTexts.size;
    numbersOfTexts.set(text, number);
    numbers.set(notified, number);
    return number;
  };
}

/** The lines of entries that were written: a run writes most of tens of thousands again and again. */
const subjectLines = new WeakMap<Entry, string>();

function subjectLine(entry: Entry): string {
  const known = subjectLines.get(entry);
  if (known !== undefined) return known;
  const { accountId, regionId, ruleId, resource } = entry;
  const subject = { accountId, regionId, ruleId, ...(resource !== undefined && { resource }) };
  const line = `\n      ${JSON.stringify(subject)}`;
  subjectLines.set(entry, line);
  return line;
}

function storedAlike({ seenAtMs, open, unreadable, notified }: Entry) {
  return {
    seenAt: iso(seenAtMs),
    ...(open && { open: { since: iso(open.sinceMs), code: open.code } }),
    ...(unreadable && {
      unreadable: {
        since: iso(unreadable.sinceMs),
        code: unreadable.code,
        runs: unreadable.runs,
        lastRunId: unreadable.lastRunId,
      },
    }),
    notified: storedRecords(notified),
  };
}

function storedRecords(notified: Entry["notified"]) {
  return sortedByName(notified, (it) => ({
    ...(mayBeNotified(it.open) && { open: storedRecord(it.open) }),
    ...(mayBeNotified(it.unreadable) && { unreadable: storedRecord(it.unreadable) }),
  }));
}

function storedRecord({ confirmed, unconfirmed }: ConditionRecord) {
  return {
    ...(confirmed && { confirmed: timesAsText(confirmed) }),
    ...(unconfirmed && { unconfirmed: timesAsText(unconfirmed) }),
  };
}

function timesAsText<T extends { readonly sinceMs: number; readonly atMs: number }>({
  sinceMs,
  atMs,
  ...rest
}: T) {
  return { since: iso(sinceMs), at: iso(atMs), ...rest };
}

function sortedByName<T, U>(
  record: Readonly<Record<string, T>>,
  map: (value: T) => U,
): Record<string, U> {
  const entries = Object.entries(record).toSorted(([a], [b]) => compareIds(a, b));
  return Object.fromEntries(entries.map(([key, value]) => [key, map(value)]));
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
