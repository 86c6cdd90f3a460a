import type {
  DurationOption,
  OwnOptions,
  OwnSettings,
  TextsOption,
} from "../notify/receiver-descriptor.ts";
import { type AllOwnOptions, OWN_OPTIONS } from "../notify/receivers.ts";

interface OptionOf {
  readonly duration: DurationOption;
  readonly texts: TextsOption;
}
type Kind = keyof OptionOf;

/** The keys of the options of a kind that only one type of receiver has. */
type OwnKey<K extends Kind> = {
  [P in keyof AllOwnOptions]: AllOwnOptions[P]["kind"] extends K ? P : never;
}[keyof AllOwnOptions];

/** The keys of the options of a kind that only one type of receiver has. */
export function ownKeys(kind: Kind): readonly string[] {
  return optionsOfKind(kind).map(([key]) => key);
}

/**
 * The same options as entries of a schema.
 *
 * @param schemaOf - makes the schema of one
 */
export function entriesOfKind<K extends Kind, S>(
  kind: K,
  schemaOf: (option: OptionOf[K]) => S,
): { readonly [P in OwnKey<K>]: S } {
  return Object.assign(
    {},
    ...optionsOfKind(kind).map(([key, option]) => ({ [key]: schemaOf(option) })),
  );
}

function optionsOfKind<K extends Kind>(kind: K): (readonly [string, OptionOf[K]])[] {
  return Object.entries<OwnOptions[string]>(OWN_OPTIONS).flatMap(([key, option]) =>
    isOfKind(option, kind) ? [[key, option] as const] : [],
  );
}

function isOfKind<K extends Kind>(option: OwnOptions[string], kind: K): option is OptionOf[K] {
  return option.kind === kind;
}

type Durations = Pick<AllOwnOptions, OwnKey<"duration">>;

/** Names durations as the settings of a receiver do: with their unit. */
export function settingsOf<V extends { readonly [P in keyof Durations]?: number }>(
  values: V,
): Omit<V, keyof Durations> & OwnSettings<Durations> {
  const durations = ownKeys("duration");
  return Object.assign(
    {},
    ...Object.entries(values).map(([key, value]) => ({
      [durations.includes(key) ? `${key}Ms` : key]: value,
    })),
  );
}

/** The settings of a kind by the keys of the configuration; undefined where one is left out. */
export function ownValues(
  kind: Kind,
  settings: OwnSettings<AllOwnOptions>,
): (readonly [key: string, value: unknown])[] {
  const values: Record<string, unknown> = { ...settings };
  const unit = kind === "duration" ? "Ms" : "";
  return ownKeys(kind).map((key) => [key, values[`${key}${unit}`]] as const);
}
