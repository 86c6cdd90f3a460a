import * as v from "valibot";

const anyObject = v.custom<object>(
  (it) => typeof it === "object" && it !== null && !Array.isArray(it),
);

/** The parts of a document of version 1 or 2 that version 3 changed; the rest is checked later. */
const Versioned = <N extends 1 | 2>(version: N) =>
  v.looseObject({
    schemaVersion: v.literal(version),
    // Those of version 3 have a resource, and another name for the records of receivers.
    entries: v.array(
      v.looseObject({
        told: anyObject,
        notified: v.exactOptional(v.never()),
        resource: v.exactOptional(v.never()),
      }),
    ),
  });
const Version1 = Versioned(1);
const Version2 = Versioned(2);
const Version4 = v.looseObject({
  schemaVersion: v.literal(4),
  evidence: v.exactOptional(v.never()),
});
const Version3 = v.looseObject({
  schemaVersion: v.literal(3),
  entries: v.array(v.looseObject({ notified: anyObject, subjects: v.exactOptional(v.never()) })),
});

const ReceiverRecord1 = v.strictObject({
  open: v.nullable(v.strictObject({ since: v.string(), code: v.string(), at: v.string() })),
  blind: v.nullable(v.strictObject({ since: v.string(), at: v.string() })),
});

const ReceiverRecord2 = v.strictObject({ open: v.looseObject({}), blind: v.looseObject({}) });

/**
 * Migrates a document of an older version to version 5.
 *
 * Version 1 records of each receiver only what it confirmed, neither exemptions nor the accounts that
 * were audited. Version 2 calls the record of a receiver `told`, and a subject that could not be read
 * `blind`. Version 3 has an entry for each subject, with null for what is not so. Version 4 knows of no
 * evidence.
 *
 * @returns any other value as it is
 */
export function migrateDocument(value: unknown): unknown {
  return toVersion5(toVersion4(toVersion3(toVersion2(value))));
}

function toVersion2(value: unknown): unknown {
  if (!v.is(Version1, value) || "accounts" in value) return value;
  const entries = value.entries.map((entry) => ({
    ...entry,
    told: mapRecords(entry.told, recordToVersion2),
  }));
  return { ...value, schemaVersion: 2, entries, accounts: {} };
}

function recordToVersion2(record: unknown): unknown {
  if (!v.is(ReceiverRecord1, record)) return record;
  const { open, blind } = record;
  return {
    open: { confirmed: open, unconfirmed: null },
    blind: { confirmed: blind && { ...blind, code: null }, unconfirmed: null },
  };
}

function toVersion3(value: unknown): unknown {
  if (!v.is(Version2, value)) return value;
  const entries = value.entries.map(({ told, ...entry }) => ({
    ...entry,
    notified: mapRecords(told, recordToVersion3),
  }));
  return { ...value, schemaVersion: 3, entries };
}

function recordToVersion3(record: unknown): unknown {
  if (!v.is(ReceiverRecord2, record)) return record;
  const { open, blind } = record;
  return { open: withEvent(open), unreadable: withEvent(blind) };
}

function toVersion4(value: unknown): unknown {
  if (!v.is(Version3, value)) return value;
  const entries = value.entries.map(
    ({ accountId, regionId, ruleId, resource, notified, ...entry }) => ({
      ...withoutNulls(entry),
      notified: mapRecords(notified, (record) =>
        v.is(anyObject, record)
          ? mapRecords(record, (known) => (v.is(anyObject, known) ? withoutNulls(known) : known))
          : record,
      ),
      subjects: [{ accountId, regionId, ruleId, ...(resource !== undefined && { resource }) }],
    }),
  );
  return { ...value, schemaVersion: 4, entries };
}

function toVersion5(value: unknown): unknown {
  return v.is(Version4, value) ? { ...value, schemaVersion: 5 } : value;
}

function withoutNulls(record: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));
}

/** The condition's record with the event `blind` renamed to `unreadable`. */
function withEvent(record: Readonly<Record<string, unknown>>): unknown {
  const { unconfirmed } = record;
  return v.is(v.looseObject({ event: v.literal("blind") }), unconfirmed)
    ? { ...record, unconfirmed: { ...unconfirmed, event: "unreadable" } }
    : record;
}

function mapRecords(records: object, map: (record: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(records).map(([receiver, record]) => [receiver, map(record)]),
  );
}
