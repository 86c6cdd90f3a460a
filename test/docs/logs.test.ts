import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { otherEntries, writtenLines } from "../harness/log-lines.ts";

const GUIDE = readFileSync(new URL("../../docs/logs.md", import.meta.url), "utf8");

/** The fields that the guide documents for an event, by path, with their types. */
function documented(event: string): ReadonlyMap<string, string> {
  const [, fields = ""] = GUIDE.split("## The fields\n");
  const [common = ""] = fields.split("\n### ");
  const [, section = ""] = GUIDE.split(`\n### \`${event}\`\n`);
  const [own = ""] = section.split(/\n##/);
  const rows = [common, own].flatMap((text) => [
    ...text.matchAll(/^\| `([^`]+)` \| ([^|]+?) \|/gm),
  ]);
  return new Map(rows.map(([, path = "", type = ""]) => [path, type]));
}

/** The leaves of a value by path: `receivers[].name`. */
function leavesOf(value: unknown, path = ""): [path: string, type: string][] {
  if (value === null) return [[path, "null"]];
  if (Array.isArray(value)) return value.flatMap((each) => leavesOf(each, `${path}[]`));
  if (typeof value === "object") {
    return Object.entries(value).flatMap(([name, held]) =>
      leavesOf(held, path === "" ? name : `${path}.${name}`),
    );
  }
  return [[path, typeof value === "string" ? "text" : typeof value]];
}

const written = await writtenLines();
const real = [...written.check, ...written.audit].map((line) => JSON.parse(line) as object);
const others = otherEntries().map((entry): object => ({ time: "", ...entry }));
const lines = [...real, ...others].map((line) => ({ event: "none", ...line }));

describe.each(["run", "finding", "findings", "warning"])(
  "the guide's fields of the event %s",
  (event) => {
    const fields = documented(event);
    const leaves = lines.filter((line) => line.event === event).flatMap((line) => leavesOf(line));

    test("are those of real lines, with their types", () => {
      const wrong = leaves.filter(
        ([path, type]) => !(fields.get(path)?.split(" or ").includes(type) ?? false),
      );
      expect(wrong).toEqual([]);
    });

    test("all occur", () => {
      const found = new Set(leaves.map(([path]) => path));
      expect([...fields.keys()].filter((path) => !found.has(path))).toEqual([]);
    });
  },
);

test("the guide has every event", () => {
  const events = [...new Set(lines.map(({ event }) => event))].toSorted();
  expect(events).toEqual(["finding", "findings", "run", "warning"]);
  const [, row = ""] = /^\| `event` \| text \| (.*) \|$/m.exec(GUIDE) ?? [];
  expect(new Set([...row.matchAll(/`(\w+)`/g)].map(([, name]) => name))).toEqual(new Set(events));
});
