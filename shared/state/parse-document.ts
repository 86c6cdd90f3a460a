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
import { migrateDocument } from "./migrate-document.ts";

/** The version that this program writes, and reads without a migration. */
export const SCHEMA_VERSION = 5;

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
  evidence: v.exactOptional(
    v.strictObject({
      address: name,
      sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
      unconfirmed: v.exactOptional(v.strictObject({ name, text: v.string() })),
    }),
  ),
});

/** What can be read of any document. */
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
    const { schemaVersion: _version, ...state } = read.output;
    return { state, problem: null };
  }
  return {
    state: { ...EMPTY_STATE, generation: generationOf(value) },
    problem: v.is(Newer, value) ? value.schemaVersion : "corrupt",
  };
}

/** Reads only the generation of a state: a run that waits for another one reads it every second. */
export function readGeneration(text: string | null): number {
  return text === null ? EMPTY_STATE.generation : generationOf(parseJson(text));
}

function generationOf(value: unknown): number {
  const read = v.safeParse(Remains, value);
  return read.success ? read.output.generation : EMPTY_STATE.generation;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
