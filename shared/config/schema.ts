import * as v from "valibot";

import { RULE_IDS } from "../rules/rule-ids.ts";
import { keysOf } from "./fields.ts";
import {
  type GivenOf,
  hasOnlyValuesOf,
  isOption,
  keyInFile,
  listOptions,
  type Option,
  type OptionTable,
} from "./option.ts";
import { OPTIONS } from "./options.ts";

/** The values that one source of configuration gives, under the names that code reads. */
export type ConfigValues = GivenOf<typeof OPTIONS>;

/** The schema of a configuration file. Every key may be left out, none may be unknown. */
export const configSource = onFirstUse(() => schemaOf(OPTIONS, { isRequest: false }));

/** The schema of what flags, or variables, say together. */
export const namedSource = onFirstUse(() => schemaOf(OPTIONS, { isRequest: true }));

/** The schema of an event: the scope, and no receivers. */
export const eventSource = onFirstUse(() =>
  schemaOf(OPTIONS, { isRequest: true, isIncluded: ({ isScope }) => isScope === true }),
);

/** Makes a value when it is first needed: every cold start would pay for it otherwise. */
function onFirstUse<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Whether a source has values that narrow the scope. */
export function narrowsScope(values: ConfigValues): boolean {
  return Object.entries(OPTIONS).some(
    ([name, entry]) => isOption(entry) && entry.isScope === true && name in values,
  );
}

/** Common names of headers and labels. */
const FREQUENT_KEYS = [
  "Authorization",
  "Content-Length",
  "Content-Type",
  "Host",
  "Webhook-Id",
  "X-Api-Key",
  "X-Scope-OrgID",
  "severity",
  "team",
];

/** Every key that a configuration can have, at any depth: a message may repeat what is nearly one. */
export const knownKeys = onFirstUse((): readonly string[] => [
  ...FREQUENT_KEYS,
  ...keysIn(configSource()),
  ...RULE_IDS,
  ...listOptions(OPTIONS).flatMap(({ formerKey = [] }) => formerKey),
]);

interface SourceKind {
  /** Whether it is an event, flags or variables, and not a file. */
  readonly isRequest: boolean;
  /** @default every option */
  readonly isIncluded?: (option: Option<unknown>) => boolean;
}

/** The schema of a table's options, or of some of them; its output has the names that code reads. */
function schemaOf<T extends OptionTable>(
  table: T,
  kind: SourceKind,
): v.GenericSchema<unknown, GivenOf<T>> {
  const { isRequest, isIncluded = () => true } = kind;
  const included = Object.entries(table).filter(([, entry]) =>
    isOption(entry) ? isIncluded(entry) : listOptions(entry).some(isIncluded),
  );
  const fields = included.map(([name, entry]) => {
    const schema = isOption(entry) ? schemaOfOption(entry, isRequest) : schemaOf(entry, kind);
    return [keyInFile(name), v.exactOptional(schema)] as const;
  });
  const renamed = included.flatMap(([name, { formerKey }]) =>
    typeof formerKey === "string" ? [[formerKey, keyInFile(name)] as const] : [],
  );
  return v.pipe(
    keysOf(Object.fromEntries(fields), Object.fromEntries(renamed)),
    v.transform((values) => {
      const given: object = Object.fromEntries(
        included
          .map(([name]) => [name, values[keyInFile(name)]] as const)
          .filter(([, value]) => value !== undefined),
      );
      if (!hasOnlyValuesOf(table, given)) throw new Error("a schema gave what is no option");
      return given;
    }),
  );
}

function schemaOfOption(
  { schema, requestSchema = schema }: Option<unknown>,
  isRequest: boolean,
): v.GenericSchema<unknown, unknown> {
  return isRequest ? requestSchema : schema;
}

/** The keys of all objects in a schema, at any depth. */
function keysIn(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(keysIn);
  const { entries, pipe, wrapped, item, options }: Record<string, unknown> = { ...Object(schema) };
  const fields: Record<string, unknown> = { ...Object(entries) };
  return [
    ...Object.keys(fields),
    ...[...Object.values(fields), pipe, wrapped, item, options].flatMap((part) =>
      part === undefined ? [] : keysIn(part),
    ),
  ];
}
