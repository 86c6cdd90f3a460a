import * as v from "valibot";

import {
  EMPTY_STATE,
  type Entry,
  type ConditionRecord,
  NEVER_NOTIFIED,
  type ReceiverRecord,
  type State,
} from "../alerts/alert-state.ts";
import { CHANGE_EVENTS } from "../alerts/alert.ts";
import { mayBeNotified } from "../alerts/decide.ts";
import { compareIds } from "../audit/compare-ids.ts";
import { groupBy } from "../audit/group-by.ts";
import { keyOf } from "../audit/subject.ts";
import { migrateDocument } from "./migrate-document.ts";

const SCHEMA_VERSION = 4;

/** Milliseconds since the epoch, as ISO 8601 in the text. */
const time = v.pipe(
  v.string(),
  v.check((text) => {
    const ms = Date.parse(text);
    return !Number.isNaN(ms) && new Date(ms).toISOString() === text;
  }),
  v.transform(Date.parse),
);
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const name = v.string();

/** An object with any names for keys: valibot's own record drops some, such as `__proto__`. */
function byName<S extends v.GenericSchema>(value: S) {
  return v.pipe(
    v.custom<object>((it) => typeof it === "object" && it !== null && !Array.isArray(it)),
    v.transform((it) => Object.entries(it)),
    v.array(v.tuple([name, value])),
    v.transform((entries): Record<string, v.InferOutput<S>> => Object.fromEntries(entries)),
  );
}

const StoredRecord = v.pipe(
  v.strictObject({
    confirmed: v.exactOptional(
      v.strictObject({
        since: time,
        code: v.nullable(name),
        at: time,
        exemptUntil: v.exactOptional(v.nullable(name)),
      }),
    ),
    unconfirmed: v.exactOptional(
      v.strictObject({
        event: v.picklist(CHANGE_EVENTS),
        since: time,
        at: time,
        exemptUntil: v.nullable(name),
      }),
    ),
  }),
  v.transform(({ confirmed, unconfirmed }): ConditionRecord => ({
    confirmed: confirmed === undefined ? null : timesInMs(confirmed),
    unconfirmed: unconfirmed === undefined ? null : timesInMs(unconfirmed),
  })),
);

function timesInMs<T extends { readonly since: number; readonly at: number }>({
  since,
  at,
  ...rest
}: T): Omit<T, "since" | "at"> & { readonly sinceMs: number; readonly atMs: number } {
  return { sinceMs: since, atMs: at, ...rest };
}

const StoredReceiverRecord = v.pipe(
  v.strictObject({
    open: v.exactOptional(StoredRecord),
    unreadable: v.exactOptional(StoredRecord),
  }),
  v.transform(({ open = NEVER_NOTIFIED, unreadable = NEVER_NOTIFIED }): ReceiverRecord => ({
    open,
    unreadable,
  })),
);

const StoredSubject = v.strictObject({
  accountId: name,
  regionId: name,
  ruleId: name,
  resource: v.exactOptional(v.strictObject({ type: name, id: name, name: v.exactOptional(name) })),
});

/** What is remembered alike of subjects. */
const StoredEntries = v.pipe(
  v.strictObject({
    seenAt: time,
    open: v.exactOptional(v.strictObject({ since: time, code: name })),
    unreadable: v.exactOptional(
      v.strictObject({ since: time, code: name, runs: count, lastRunId: name }),
    ),
    notified: byName(StoredReceiverRecord),
    subjects: v.array(StoredSubject),
  }),
  v.transform(({ seenAt, open, unreadable, notified, subjects }): Entry[] => {
    const alike = {
      seenAtMs: seenAt,
      open: open === undefined ? null : { sinceMs: open.since, code: open.code },
      unreadable:
        unreadable === undefined
          ? null
          : {
              sinceMs: unreadable.since,
              code: unreadable.code,
              runs: unreadable.runs,
              lastRunId: unreadable.lastRunId,
            },
      notified,
    };
    return subjects.map((subject) => ({ ...subject, ...alike }));
  }),
);

const Document = v.strictObject({
  schemaVersion: v.literal(SCHEMA_VERSION),
  generation: count,
  entries: v.pipe(
    v.array(StoredEntries),
    v.transform((groups) => groups.flat()),
  ),
  receivers: byName(
    v.pipe(
      v.strictObject({ summaryAt: time }),
      v.transform(({ summaryAt }) => ({ summaryAtMs: summaryAt })),
    ),
  ),
  accounts: byName(
    v.pipe(
      v.strictObject({ seenAt: time, source: v.exactOptional(name) }),
      v.transform(({ seenAt, ...account }) => ({ seenAtMs: seenAt, ...account })),
    ),
  ),
});

/** What can be read of a document that is not valid. */
const Remains = v.object({ generation: v.optional(v.fallback(count, 0), 0) });
const Newer = v.object({
  schemaVersion: v.pipe(v.number(), v.safeInteger(), v.minValue(SCHEMA_VERSION + 1)),
});

/** What was read of a document: a state, or the problem with what is left of it. */
export type DocumentRead =
  | { readonly state: State; readonly problem: null }
  | {
      /** Empty, but for the generation where that could be read. */
      readonly state: State;
      /** `"corrupt"`, or the version of a newer program. */
      readonly problem: "corrupt" | number;
    };

/**
 * Reads the text of a state. Null, for no text, is read as an empty state; a document of an older
 * version is migrated.
 */
export function parseDocument(text: string | null): DocumentRead {
  if (text === null) return { state: EMPTY_STATE, problem: null };
  const value = parseJson(text);
  const read = v.safeParse(Document, migrateDocument(value));
  if (read.success) {
    const { generation, entries, receivers, accounts } = read.output;
    return { state: { generation, entries, receivers, accounts }, problem: null };
  }
  const generation = v.is(Remains, value) ? v.parse(Remains, value).generation : 0;
  return {
    state: { ...EMPTY_STATE, generation },
    problem: v.is(Newer, value) ? value.schemaVersion : "corrupt",
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Writes a state as text, one subject on a line; what is remembered alike of several is written once.
 * Equal states give equal texts.
 */
export function serializeDocument({ generation, entries, receivers, accounts }: State): string {
  const ordered = entries
    .map((entry) => [keyOf(entry), entry] as const)
    .toSorted(([a], [b]) => compareIds(a, b))
    .map(([, entry]) => entry);
  const lines = [...groupAlike(ordered)].map(([alike, group]) => {
    const subjects = group.map((entry) => `\n      ${JSON.stringify(storedSubject(entry))}`);
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
  "accounts": ${JSON.stringify(observed)}
}
`;
}

/** Groups entries by the text of what is remembered alike. */
function groupAlike(entries: readonly Entry[]): ReadonlyMap<string, readonly Entry[]> {
  // The text is written for few of tens of thousands: most are alike as they are in memory.
  const same = groupBy(entries, ({ seenAtMs, open, unreadable, notified }) =>
    JSON.stringify([seenAtMs, open, unreadable, notified]),
  );
  const groups = new Map<string, Entry[]>();
  for (const group of same.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const alike = JSON.stringify(storedAlike(first));
    groups.set(alike, [...(groups.get(alike) ?? []), ...group]);
  }
  return groups;
}

function storedSubject({ accountId, regionId, ruleId, resource }: Entry) {
  return { accountId, regionId, ruleId, ...(resource !== undefined && { resource }) };
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
    notified: sortedByName(notified, (it) => ({
      ...(mayBeNotified(it.open) && { open: storedRecord(it.open) }),
      ...(mayBeNotified(it.unreadable) && { unreadable: storedRecord(it.unreadable) }),
    })),
  };
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
