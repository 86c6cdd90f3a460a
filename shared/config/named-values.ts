import { groupBy } from "../audit/group-by.ts";
import { type ConfigLayer, formatPath, readLayer } from "./layer.ts";
import type { Keys } from "./option.ts";
import { namedSource } from "./schema.ts";

/** A value that a source gives by a name of its own: an environment variable or a flag. */
export interface NamedValue {
  /** What a message calls the value. */
  readonly name: string;
  /** Where in the configuration the value belongs. */
  readonly path: Keys;
  readonly value: unknown;
}

/** Checks values that are given one by one; a problem is named after the value that has it. */
export function readNamedValues(given: readonly NamedValue[]): ConfigLayer {
  const nameOf = (path: Keys): string => {
    const named = given.find((each) => each.path.every((key, index) => key === path[index]));
    return named?.name ?? formatPath(path);
  };
  return readLayer(assemble(given), nameOf, namedSource());
}

/** Puts values together by their paths. A number in a path is a place in a list. */
function assemble(given: readonly Pick<NamedValue, "path" | "value">[]): unknown {
  const whole = given.find(({ path }) => path.length === 0);
  if (whole !== undefined) return whole.value;
  const parts = [...groupBy(given, ({ path: [key] }) => String(key))].map(
    ([key, group]) =>
      [key, assemble(group.map(({ path, value }) => ({ path: path.slice(1), value })))] as const,
  );
  const isList = typeof given[0]?.path[0] === "number";
  return isList ? parts.map(([, part]) => part) : Object.fromEntries(parts);
}
