import * as v from "valibot";

/** A document of version 1, as far as it is not as one of today; the rest is looked at later. */
const Version1 = v.strictObject({
  schemaVersion: v.literal(1),
  generation: v.unknown(),
  receivers: v.unknown(),
  entries: v.array(
    v.looseObject({ told: v.custom<object>((it) => typeof it === "object" && it !== null) }),
  ),
});
const Told1 = v.strictObject({
  open: v.nullable(v.strictObject({ since: v.string(), code: v.string(), at: v.string() })),
  blind: v.nullable(v.strictObject({ since: v.string(), at: v.string() })),
});

/**
 * Brings a document of version 1 to version 2. That one remembers of each receiver only what it
 * confirmed, not whether an exemption was told, and not which accounts were seen.
 *
 * @returns anything else as it is
 */
export function migrateDocument(value: unknown): unknown {
  if (!v.is(Version1, value)) return value;
  return {
    ...value,
    schemaVersion: 2,
    entries: value.entries.map((entry) => ({
      ...entry,
      told: Object.fromEntries(
        Object.entries(entry.told).map(([name, told]) => [name, migrateTold(told)]),
      ),
    })),
    accounts: {},
  };
}

function migrateTold(told: unknown): unknown {
  if (!v.is(Told1, told)) return told;
  const { open, blind } = told;
  return {
    open: { confirmed: open, unconfirmed: null },
    blind: { confirmed: blind && { ...blind, code: null }, unconfirmed: null },
  };
}
