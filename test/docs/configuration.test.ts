import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { CLI_VARIABLES, flagOf } from "../../functions/cli/flags/config-options.ts";
import { DEFAULT_CONFIG } from "../../shared/config/config.ts";
import { parseDuration } from "../../shared/config/duration.ts";
import { readEnvironmentLayer } from "../../shared/config/environment.ts";
import { problemsOfFile } from "../../shared/config/layer.ts";
import { type ListedOption, listOptions } from "../../shared/config/option.ts";
import { OPTIONS } from "../../shared/config/options.ts";
import { blocksIn, sectionOf } from "../harness/markdown.ts";

const GUIDE = readFileSync(new URL("../../docs/configuration.md", import.meta.url), "utf8");

/** A row of the table of options. */
interface OptionRow {
  readonly variable: string;
  readonly flag: string;
  readonly key: string;
  readonly fallback: string;
}

function rowsOfOptions(): OptionRow[] {
  const [, table = ""] = /^\| variable \| flag \|.*\n((?:\|.*\n)*)/m.exec(GUIDE) ?? [];
  const [, ...lines] = table.trimEnd().split("\n");
  return lines.map((line) => {
    const [variable = "", flag = "", key = "", fallback = ""] = line
      .slice(1)
      .split("|")
      .map((cell) => cell.trim());
    const nameIn = (cell: string): string => /^`([^`]+)`/.exec(cell)?.[1] ?? "";
    return { variable: nameIn(variable), flag: nameIn(flag), key: nameIn(key), fallback };
  });
}

/** A path as the guide writes it, such as `alerts.receivers[].url`. */
function keyOf(path: readonly (string | number)[]): string {
  return path
    .map((key) => (typeof key === "number" ? "[]" : `.${key}`))
    .join("")
    .slice(1);
}

/** The value that a cell begins with, in backticks or as a number; null where it begins with words. */
function literalIn(cell: string): string | null {
  const [, quoted, number] = /^(?:`([^`]+)`|(\d+))/.exec(cell) ?? [];
  return comparable(quoted ?? number ?? null);
}

/** A default as `config` prints it; null where there is none, or where it is described in words. */
function literalOf({ fallback, fallbackText, ...option }: ListedOption): string | null {
  if (fallbackText !== undefined) return null;
  const shown = option.describe(fallback, DEFAULT_CONFIG);
  if (typeof shown === "string" || typeof shown === "number") return comparable(String(shown));
  return Array.isArray(shown) && shown.length > 0 ? shown.join() : null;
}

/** The same text for a day as for 24 hours. */
function comparable(text: string | null): string | null {
  return text === null ? null : String(parseDuration(text) ?? text);
}

describe("the guide to configuration", () => {
  test("has a row for every variable, and for no other", () => {
    const [problem = ""] = readEnvironmentLayer({ FLOWLOG_GUARD_: "" }, CLI_VARIABLES).problems;
    const known = problem.split("those known are ")[1]?.split(", ");
    const rows = [...GUIDE.matchAll(/^\| `(FLOWLOG_GUARD_\w+)` \|/gm)].map(([, name]) => name);
    expect(new Set(rows)).toEqual(new Set(known));
  });

  test("has a row for every option: variables, flag, key and default, and no row for another", () => {
    const options = listOptions(OPTIONS);
    const rows = rowsOfOptions();
    const keys = rows.map(({ key }) => key);
    const known = options.flatMap(({ path, variables = [] }) => {
      const parts = variables.flatMap(({ part }) => (part === undefined ? [] : [part]));
      return parts.length === 0 ? [keyOf(path)] : parts.map((part) => keyOf([...path, ...part]));
    });
    expect(keys.filter((key) => key !== "").toSorted()).toEqual(known.toSorted());
    for (const option of options) {
      const { path, flag, variables = [] } = option;
      const own = rows.filter(
        ({ key }) => key === keyOf(path) || key.startsWith(`${keyOf(path)}[`),
      );
      const names = variables.map(({ name }) => name);
      expect(own.map(({ variable }) => variable)).toEqual(names.length === 0 ? [""] : names);
      for (const row of own) {
        expect(row.flag).toBe(flag === undefined ? "" : flagOf(String(path.at(-1))));
        expect(row.fallback).not.toBe("");
        expect(literalIn(row.fallback)).toBe(literalOf(option));
      }
    }
  });

  test("has a row for every key of an exemption, and says which are required", () => {
    const problems = (exemption: object): string =>
      problemsOfFile({ name: "a file", values: { exemptions: [exemption] } }).join("\n");
    const rows = [...sectionOf("Exemptions", GUIDE).matchAll(/^\| `(\w+)` \|.*\| (.+) \|$/gm)];
    const [, known = ""] = /those known here are (.*)/.exec(problems({ typo: 1 })) ?? [];
    expect(rows.map(([, key]) => String(key)).toSorted()).toEqual(known.split(", ").toSorted());
    const given = { region: "cn-a", owner: "x", reason: "y", expires: "2027-03-31" };
    expect(problems(given)).toBe("");
    const required = rows.filter(([, , fallback]) => fallback === "required");
    expect(required.map(([, key]) => String(key)).toSorted()).toEqual(
      Object.keys(given).toSorted(),
    );
    for (const key of Object.keys(given)) {
      expect(problems({ ...given, [key]: undefined })).toContain(key);
    }
  });

  test("shows valid configuration files", async () => {
    const { parse } = await import("yaml");
    const files = blocksIn("yaml", GUIDE);
    expect(files).toHaveLength(2);
    for (const file of files) {
      expect(problemsOfFile({ name: "configuration.md", values: parse(file) })).toEqual([]);
    }
  });
});
