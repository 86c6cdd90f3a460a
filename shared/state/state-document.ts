import * as v from "valibot";

import {
  EMPTY_STATE,
  type Entry,
  type ConditionRecord,
  type State,
} from "../alerts/alert-state.ts";
import { CHANGE_EVENTS } from "../alerts/alert.ts";
import { compareIds } from "../audit/compare-ids.ts";
import { keyOf } from "../audit/subject.ts";
import { migrateDocument } from "./migrate-document.ts";

const SCHEMA_VERSION = 3;

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
    confirmed: v.nullable(
      v.strictObject({
        since: time,
        code: v.nullable(name),
        at: time,
        exemptUntil: v.exactOptional(v.nullable(name)),
      }),
    ),
    unconfirmed: v.nullable(
      v.strictObject({
        event: v.picklist(CHANGE_EVENTS),
        since: time,
        at: time,
        exemptUntil: v.nullable(name),
      }),
    ),
  }),
  v.transform(({ confirmed, unconfirmed }): ConditionRecord => ({
    confirmed: confirmed && timesInMs(confirmed),
    unconfirmed: unconfirmed && timesInMs(unconfirmed),
  })),
);

function timesInMs<T extends { readonly since: number; readonly at: number }>({
  since,
  at,
  ...rest
}: T): Omit<T, "since" | "at"> & { readonly sinceMs: number; readonly atMs: number } {
  return { sinceMs: since, atMs: at, ...rest };
}

const StoredReceiverRecord = v.strictObject({ open: StoredRecord, unreadable: StoredRecord });

const StoredEntry = v.pipe(
  v.strictObject({
    accountId: name,
    regionId: name,
    ruleId: name,
    resource: v.exactOptional(
      v.strictObject({ type: name, id: name, name: v.exactOptional(name) }),
    ),
    seenAt: time,
    open: v.nullable(v.strictObject({ since: time, code: name })),
    unreadable: v.nullable(
      v.strictObject({ since: time, code: name, runs: count, lastRunId: name }),
    ),
    notified: byName(StoredReceiverRecord),
  }),
  v.transform(({ seenAt, open, unreadable, ...entry }): Entry => ({
    ...entry,
    seenAtMs: seenAt,
    open: open && { sinceMs: open.since, code: open.code },
    unreadable: unreadable && {
      sinceMs: unreadable.since,
      code: unreadable.code,
      runs: unreadable.runs,
      lastRunId: unreadable.lastRunId,
    },
  })),
);

const Document = v.strictObject({
  schemaVersion: v.literal(SCHEMA_VERSION),
  generation: count,
  entries: v.array(StoredEntry),
  receivers: byName(
    v.pipe(
      v.strictObject({ summaryAt: time }),
      v.transform(({ summaryAt }) => ({ summaryAtMs: summaryAt })),
    ),
  ),
  accounts: byName(
    v.pipe(
      v.strictObject({ seenAt: time }),
      v.transform(({ seenAt }) => ({ seenAtMs: seenAt })),
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

/** Writes a state as text, one entry on a line. Equal states give equal texts. */
export function serializeDocument({ generation, entries, receivers, accounts }: State): string {
  const lines = entries
    .toSorted((a, b) => compareIds(keyOf(a), keyOf(b)))
    .map((entry) => `\n    ${JSON.stringify(stored(entry))}`);
  const summaries = sortedByName(receivers, ({ summaryAtMs }) => ({ summaryAt: iso(summaryAtMs) }));
  const observed = sortedByName(accounts, ({ seenAtMs }) => ({ seenAt: iso(seenAtMs) }));
  return `{
  "schemaVersion": ${SCHEMA_VERSION},
  "generation": ${generation},
  "entries": [${lines.join(",")}${lines.length > 0 ? "\n  " : ""}],
  "receivers": ${JSON.stringify(summaries)},
  "accounts": ${JSON.stringify(observed)}
}
`;
}

function stored({
  accountId,
  regionId,
  ruleId,
  resource,
  seenAtMs,
  open,
  unreadable,
  notified,
}: Entry) {
  return {
    accountId,
    regionId,
    ruleId,
    ...(resource !== undefined && { resource }),
    seenAt: iso(seenAtMs),
    open: open && { since: iso(open.sinceMs), code: open.code },
    unreadable: unreadable && {
      since: iso(unreadable.sinceMs),
      code: unreadable.code,
      runs: unreadable.runs,
      lastRunId: unreadable.lastRunId,
    },
    notified: sortedByName(notified, (it) => ({
      open: storedRecord(it.open),
      unreadable: storedRecord(it.unreadable),
    })),
  };
}

function storedRecord({ confirmed, unconfirmed }: ConditionRecord) {
  return {
    confirmed: confirmed && timesAsText(confirmed),
    unconfirmed: unconfirmed && timesAsText(unconfirmed),
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
