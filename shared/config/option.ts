import type * as v from "valibot";

/** Where a value is: the keys that lead to it; a number is a place in a list. */
export type Keys = readonly (string | number)[];

/** An option of the configuration: a row of the table in `options.ts`. */
export interface Option<Value> {
  /** What a source may say. Its output is the value that code reads. */
  readonly schema: v.GenericSchema<unknown, Value>;
  /** What an event, a flag or a variable may say, where that is not what a file may. @default schema */
  readonly requestSchema?: v.GenericSchema<unknown, Value>;
  /** The value where no source gives one. */
  readonly fallback: Value;
  /** What sets the value where {@link fallback} itself does not: a phrase for help texts. */
  readonly fallbackText?: string;
  /**
   * Writes the value as the configuration file has it, with every secret masked; undefined to leave
   * the key out. A method, so that rows of different values fit into one table.
   */
  describe(value: Value, beside: DescribedBeside): unknown;
  /** The environment variables that set the value, or parts of it. */
  readonly variables?: readonly Variable[];
  /** The command-line flag that sets the value, named after the option's key. */
  readonly flag?: Flag;
  /**
   * Whether the option says what is audited. An event may set such an option and no other, and a run
   * that is given one by an event or a flag does not cover the whole configured scope.
   */
  readonly isScope?: boolean;
  /** Whether the option is of use to a run that alerts only: it may contain a secret. */
  readonly isForAlerts?: boolean;
  /** The former key: to use it is an error that names the present one. */
  readonly formerKey?: string;
}

/** What the description of one option may use of the others. */
export interface DescribedBeside {
  readonly timeoutMs: number;
  readonly rules: readonly string[];
  readonly organization: { readonly roleName: string | null };
}

/** An environment variable of an option. */
export interface Variable {
  readonly name: string;
  /** Where in the option's value the text belongs; left out where it is the whole value. */
  readonly part?: Keys;
  /** A variable without which this one is an error, and why. */
  readonly needs?: { readonly name: string; readonly because: string };
}

/** A command-line flag of an option. */
export interface Flag {
  /** The placeholder for the value in the help text, such as `<duration>`. */
  readonly argument: string;
  readonly help: string;
  /** Whether it may be given more than once: the values are joined by commas. */
  readonly isRepeatable?: boolean;
}

/** Options and groups of them. An option is named as code reads it: a duration ends in `Ms`. */
export interface OptionTable {
  readonly [name: string]: Option<unknown> | OptionTable;
}

/** The values of all options of a table. */
export type ValuesOf<T> = {
  readonly [Name in keyof T]: T[Name] extends { readonly fallback: infer Value }
    ? Value
    : ValuesOf<T[Name]>;
};

/** The values that one source gives. */
export type GivenOf<T> = {
  readonly [Name in keyof T]?: T[Name] extends { readonly fallback: infer Value }
    ? Value
    : GivenOf<T[Name]>;
};

/** Checks that the parts of a row agree, and infers the type of its value. */
export function option<Value>(row: Option<Value>): Option<Value> {
  return row;
}

/** The values of all options where no source gives one. */
export function defaultsOf<T extends OptionTable>(table: T): ValuesOf<T> {
  const values = Object.entries(table).map(
    ([name, entry]) => [name, isOption(entry) ? entry.fallback : defaultsOf(entry)] as const,
  );
  const defaults: unknown = Object.fromEntries(values);
  if (!hasValuesOf(table, defaults)) throw new Error("an option has no default");
  return defaults;
}

/** Whether a value has one key for each row of a table; each is typed by its own row. */
function hasValuesOf<T extends OptionTable>(table: T, values: unknown): values is ValuesOf<T> {
  return Object.keys(table).every((name) => name in Object(values));
}

/** Whether a value has no key but those of a table's rows; each is typed by its own row. */
export function hasOnlyValuesOf<T extends OptionTable>(
  table: T,
  values: object,
): values is GivenOf<T> {
  return Object.keys(values).every((name) => name in table);
}

/** The key of an option or a group in the configuration file: durations have no unit there. */
export function keyInFile(name: string): string {
  return name.replace(/Ms$/, "");
}

/** Whether an entry of a table is an option, and not a group of them. */
export function isOption(entry: Option<unknown> | OptionTable): entry is Option<unknown> {
  return "schema" in entry && "fallback" in entry;
}

/** An option with the keys that lead to it in the configuration file. */
export interface ListedOption extends Option<unknown> {
  readonly path: readonly string[];
}

/** Every option of a table, in the order of its rows. */
export function listOptions(table: OptionTable, path: readonly string[] = []): ListedOption[] {
  return Object.entries(table).flatMap(([name, entry]): ListedOption[] => {
    const pathOfEntry = [...path, keyInFile(name)];
    return isOption(entry) ? [{ ...entry, path: pathOfEntry }] : listOptions(entry, pathOfEntry);
  });
}
