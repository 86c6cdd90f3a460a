import * as fc from "fast-check";
import { expect, test } from "vitest";

import { configJsonSchema } from "../../../shared/config/json-schema.ts";
import { problemsOfFile } from "../../../shared/config/layer.ts";
import { at, CANDIDATES, compile, isAccepted, keysOfForm, WRITTEN } from "./config-candidates.ts";

const SCHEMA = configJsonSchema();
const validate = compile(SCHEMA);
const ACCEPTED = WRITTEN.filter(isAccepted);
const REFUSED = WRITTEN.filter((values) => !ACCEPTED.includes(values));

test("this test has every key among the candidates of this test, with values that are right and wrong", () => {
  const paths = WRITTEN.flatMap((values) => pathsIn(values));
  const keys = keysOfForm(SCHEMA).filter((key) => !paths.includes(key));
  expect(keys).toEqual([]);
  expect(ACCEPTED.length).toBeGreaterThan(400);
  expect(REFUSED.length).toBeGreaterThan(400);
});

test("a file that the program accepts passes the schema: each candidate", () => {
  const refused = ACCEPTED.filter((values) => !validate(values));
  expect(refused).toEqual([]);
});

/** What needs more than one text to be seen, or a calculation, or the rules of addresses. */
const ONLY_THE_PROGRAM =
  /out of range|is the same|has the name|is not an (https )?address|in clear|is not a day|is an address of|IPv6|matches no rule|names a host|too short|characters that cannot|is not a name|is not an account|is longer than|is not an endpoint/;

test("a file that the program refuses fails the schema, unless only the program can tell", () => {
  const passed = WRITTEN.filter(
    (values) => validate(values) && !JSON.stringify(values).includes("HTTPS://OAPI"),
  ).flatMap((values) =>
    problemsOfFile({ name: "f.yaml", values }).filter((problem) => !ONLY_THE_PROGRAM.test(problem)),
  );
  expect([...new Set(passed)]).toEqual([]);
});

test("a file that the program accepts passes the schema: candidates together, each text changed at random", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...CANDIDATES), { minLength: 1, maxLength: 4 }),
      fc.infiniteStream(fc.nat()),
      fc.string({ unit: "grapheme", maxLength: 3 }),
      (rows, numbers, inserted) => {
        const next = (below: number): number => Number(numbers.next().value) % below;
        const values = rows.reduce<unknown>((before, [path, all, beside]) => {
          const value = changed(all[next(all.length)], next, inserted);
          const last = String(path.at(-1));
          const own =
            beside === undefined
              ? at(path, value)
              : at(path.slice(0, -1), { ...beside, [last]: value });
          return merged(before, own);
        }, {});
        fc.pre(isAccepted(values));
        expect([validate(values), validate.errors, values]).toEqual([true, null, values]);
      },
    ),
    { numRuns: 30, maxSkipsPerRun: 100 },
  );
});

test("a file fails the schema wherever an unknown key or a value of another type stands", () => {
  const checked = { keys: 0, types: 0 };
  for (const values of ofDifferentKeys(ACCEPTED)) {
    for (const path of objectsIn(values)) {
      const other = put(values, [...path, "unknownKey"], "x");
      if (isAccepted(other)) continue;
      checked.keys += 1;
      expect([other, validate(other)]).toEqual([other, false]);
    }
    for (const path of leavesIn(values)) {
      for (const value of [null, [[]], { x: { y: 1 } }]) {
        const other = put(values, path, value);
        expect([other, isAccepted(other)]).toEqual([other, false]);
        checked.types += 1;
        expect([other, validate(other)]).toEqual([other, false]);
      }
    }
  }
  expect(checked.keys).toBeGreaterThan(200);
  expect(checked.types).toBeGreaterThan(200);
});

type Place = readonly (string | number)[];

function entriesOf(values: object): (readonly [string | number, unknown])[] {
  return Array.isArray(values) ? [...values.entries()] : Object.entries(values);
}

function objectsIn(values: unknown, path: Place = []): Place[] {
  if (typeof values !== "object" || values === null) return [];
  const inner = entriesOf(values).flatMap(([key, value]) => objectsIn(value, [...path, key]));
  return Array.isArray(values) ? inner : [path, ...inner];
}

function leavesIn(values: unknown, path: Place = []): Place[] {
  if (typeof values !== "object" || values === null) return [path];
  return entriesOf(values).flatMap(([key, value]) => leavesIn(value, [...path, key]));
}

/** The same values with another one at a path. */
function put(values: unknown, [key, ...rest]: Place, value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(values)) {
    return values.map((each, index) => (index === key ? put(each, rest, value) : each));
  }
  return { ...Object(values), [key]: put(Object(values)[key], rest, value) };
}

/** One set of values over another; lists are joined. */
function merged(before: unknown, after: unknown): unknown {
  if (Array.isArray(before) && Array.isArray(after)) return [...before, ...after];
  if (!isKeyed(before) || !isKeyed(after)) return after;
  const inner = Object.entries(after).map(([key, value]) => [
    key,
    key in before ? merged(before[key], value) : value,
  ]);
  return { ...before, ...Object.fromEntries(inner) };
}

function isKeyed(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value, now and then with a text in it that has a part cut out and another put in. */
function changed(value: unknown, next: (below: number) => number, inserted: string): unknown {
  if (Array.isArray(value)) return value.map((each) => changed(each, next, inserted));
  if (isKeyed(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, changed(each, next, inserted)]),
    );
  }
  if (typeof value !== "string" || next(3) > 0) return value;
  const place = next(value.length + 1);
  return value.slice(0, place) + inserted + value.slice(place + next(3));
}

/** Values of which no two have the same keys. */
function ofDifferentKeys(all: readonly unknown[]): unknown[] {
  const byKeys = new Map(
    all.map((values) => [JSON.stringify([...objectsIn(values), ...leavesIn(values)]), values]),
  );
  return [...byKeys.values()];
}

/** The dotted paths of all keys of values, those of lists without places. */
function pathsIn(values: unknown, path: readonly string[] = []): string[] {
  if (Array.isArray(values)) return values.flatMap((each) => pathsIn(each, path));
  if (typeof values !== "object" || values === null) return [];
  return Object.entries(values).flatMap(([key, value]) => [
    [...path, key].join("."),
    ...pathsIn(value, [...path, key]),
  ]);
}
