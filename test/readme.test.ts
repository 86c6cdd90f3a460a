import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { flagOf } from "../functions/cli/config-options.ts";
import { EXIT_CODES } from "../functions/cli/exit-code.ts";
import { createProgram } from "../functions/cli/program.ts";
import { CHANGE_EVENTS } from "../shared/alerts/alert.ts";
import { DEFAULT_RULE_SETTINGS, TRAFFIC_TYPES } from "../shared/audit/rule-settings.ts";
import { DEFAULT_CONFIG } from "../shared/config/config.ts";
import { parseDuration } from "../shared/config/duration.ts";
import { readEnvironmentLayer } from "../shared/config/environment.ts";
import { problemsOfFile } from "../shared/config/layer.ts";
import { type ListedOption, listOptions } from "../shared/config/option.ts";
import { OPTIONS } from "../shared/config/options.ts";
import { RULE_IDS } from "../shared/rules/rule-ids.ts";
import { DEFAULT_RULES } from "../shared/rules/rules.ts";
import { startEmulator } from "./emulator/emulator.ts";
import { auditEmulator } from "./harness/audit-emulator.ts";
import { runCli } from "./harness/run-cli.ts";

function read(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
}

/** The text of the README's fenced blocks in a language. */
function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(
    ([, text]) => String(text),
  );
}

const README = read("README.md");

/** A row of the README's table of options. */
interface OptionRow {
  readonly variable: string;
  readonly flag: string;
  readonly key: string;
  readonly fallback: string;
}

function rowsOfOptions(): OptionRow[] {
  const [, table = ""] = /^\| variable \| flag \|.*\n((?:\|.*\n)*)/m.exec(README) ?? [];
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

/** A path as the README writes it, such as `alerts.receivers[].url`. */
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

describe("the README", () => {
  test("has a row for every status and reason code, and for no other", () => {
    const [declarations = ""] = read("shared/audit/finding.ts").split("export interface");
    const general = [...declarations.matchAll(/"([A-Z_]{4,})"/g)].map(([, code]) => code);
    const known = [...general, ...DEFAULT_RULES.flatMap(({ reasons }) => Object.keys(reasons))];
    const rows = [...README.matchAll(/^\| `([A-Z_]+)` \| /gm)].map(([, code]) => code);
    expect(new Set(rows.filter((code) => !code?.startsWith("FLOWLOG_GUARD_")))).toEqual(
      new Set(known),
    );
  });

  test("has a row for every event, and for no other; the guide to alerts names each too", () => {
    const [, table = ""] = /^\| event \| when \|\n(.*?)^$/ms.exec(README) ?? [];
    const rows = [...table.matchAll(/^\| `(\w+)` \| /gm)].map(([, event]) => String(event));
    expect(rows.toSorted()).toEqual([...CHANGE_EVENTS].toSorted());
    const [, section = ""] = read("docs/alerts.md").split("## Any other endpoint");
    for (const event of CHANGE_EVENTS) expect(section).toContain(`\`${event}\``);
  });

  test("states what each rule proves, and the notes before and after its remedy", () => {
    const [, section = ""] = /^## What an answer proves\n(.*?)^## /ms.exec(README) ?? [];
    const [, remedy = ""] = /^### Activate the service\n(.*?)^## /ms.exec(README) ?? [];
    for (const rule of DEFAULT_RULES) {
      const { controls } = rule;
      for (const { framework, version, id, relation } of controls) {
        expect(section).toContain(`| ${framework} ${version} |`);
        expect(section).toContain(id);
        expect(section).toContain(`\`${relation}\``);
      }
      const { command, consoleUrl, before, after } = rule.remedy({ regionId: "cn-heyuan" });
      expect(remedy).toContain(`\n${command}\n`);
      expect(remedy).toContain(`\`${consoleUrl}\``);
      for (const promise of ["terms", "cannot be undone", "create a flow log", "an account"]) {
        expect(remedy).toContain(promise);
        expect(`${before?.en} ${after?.note.en}`).toContain(promise);
      }
    }
  });

  test("has every heading that it, or a guide beside it, links to", () => {
    const links = [README, read("docs/alerts.md"), read("docs/deploy.md")].flatMap((text, index) =>
      [...text.matchAll(index === 0 ? /\]\(#([^)]+)\)/g : /README\.md#([^)]+)\)/g)].map(
        ([, anchor]) => anchor,
      ),
    );
    const anchors = [...README.matchAll(/^##+ (.*)$/gm)].map(([, heading]) =>
      String(heading)
        .toLowerCase()
        .replaceAll(/[^a-z0-9 -]/g, "")
        .replaceAll(" ", "-"),
    );
    expect(links).toContain("what-an-answer-proves");
    for (const anchor of links) expect(anchors).toContain(anchor);
  });

  test("has a row for every variable, and for no other", () => {
    const [problem = ""] = readEnvironmentLayer({ FLOWLOG_GUARD_: "" }, [
      "FLOWLOG_GUARD_CONFIG",
    ]).problems;
    const known = problem.split("those known are ")[1]?.split(", ");
    const rows = [...README.matchAll(/^\| `(FLOWLOG_GUARD_\w+)` \|/gm)].map(([, name]) => name);
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

  test("has a row for every rule, in their order, with its settings and their defaults", () => {
    const [, section = ""] = /^## Rules\n(.*?)^## /ms.exec(README) ?? [];
    const rows = [...section.matchAll(/^\| `([a-z-]+)` \|.*\| (.*) \|$/gm)];
    expect(rows.map(([, id]) => id)).toEqual([...RULE_IDS]);
    const settings = rows.flatMap(([, id = "", cell = ""]) => {
      const [, name] = /^`(\w+)`: /.exec(cell) ?? [];
      const [, value = ""] = /`?(\w+)`? (?:\(the default\)|by default)/.exec(cell) ?? [];
      return name === undefined ? [] : [[id, { [name]: Number(value) || value }] as const];
    });
    expect(Object.fromEntries(settings)).toEqual(DEFAULT_RULE_SETTINGS);
    const traffic = rows.map(([, , cell]) => cell).join();
    for (const type of TRAFFIC_TYPES) expect(traffic).toContain(`\`${type}\``);
  });

  test("has a row for every exit code, in the words of the help text", async () => {
    const { stdout } = await runCli(["--help"]);
    for (const exitCode of Object.values(EXIT_CODES)) {
      const row = new RegExp(`^\\| ${exitCode} \\| (.+?)(:.*)? \\|$`, "m").exec(README);
      expect(stdout.replaceAll(/\s+/g, " ")).toContain(`${exitCode} ${row?.[1]}`);
    }
  });

  test("names only flags and scripts that exist", () => {
    const { stdout, stderr } = process;
    const world = {
      argv: [],
      env: {},
      stdout,
      stderr,
      clock: () => new Date(),
      stopRequested: async () => {},
    };
    const named = createProgram(world, () => {}).commands;
    const commands = [...named, ...named.flatMap((command) => command.commands)];
    const flags = commands.flatMap(({ options }) => options.map(({ long }) => long));
    const ours = README.replaceAll(/docker run .*? flowlog-guard/g, "");
    for (const [flag] of ours.matchAll(/(?<=[ `])--[a-z][a-z-]+/g)) {
      expect([...flags, "--help", "--version", "--plan"]).toContain(flag);
    }
    for (const command of commands) {
      if (command.name() === "help" && !named.includes(command)) continue;
      const group = named.includes(command) ? "" : `${command.parent?.name()} `;
      expect(README).toContain(`| \`flowlog-guard ${group}${command.name()}`);
    }
    const { scripts } = JSON.parse(read("package.json"));
    for (const [, script] of README.matchAll(/npm run (\w+)/g))
      expect(scripts).toHaveProperty(String(script));
  });

  test("names every secret that NODE_DEBUG prints", () => {
    const [warning = ""] = /`NODE_DEBUG` [^`]*/.exec(README) ?? [];
    // Node prints the headers of each request, CONNECT to the proxy included.
    for (const secret of ["key id", "security token", "password of the proxy"])
      expect(warning.replaceAll(/\s+/g, " ")).toContain(secret);
  });

  test("shows valid configuration files", async () => {
    const { parse } = await import("yaml");
    const files = blocks("yaml").filter((text) => !text.includes("apiVersion"));
    expect(files).toHaveLength(3);
    for (const file of files) {
      expect(problemsOfFile({ name: "README.md", values: parse(file) })).toEqual([]);
    }
  });

  test("shows a CronJob with a valid command, and with time to stop", async () => {
    const { parse } = await import("yaml");
    const job = parse(blocks("yaml").find((text) => text.includes("kind: CronJob")) ?? "");
    const { containers, terminationGracePeriodSeconds } = job.spec.jobTemplate.spec.template.spec;
    const [{ args, env }] = containers;
    const [, seconds] = /--stop-timeout (\d+)/.exec(README) ?? [];
    expect(terminationGracePeriodSeconds).toBe(Number(seconds));
    const given = env.map(({ name, value }: Record<string, string>) => [name, value]);
    const { exitCode, stdout } = await runCli(args, Object.fromEntries(given));
    // It fails only for lack of credentials, which are in the job's secret.
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ event: "run", error: "CredentialsError" });
  });

  test("asks for exactly the permissions that an audit uses", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": { activated: true } } });
    await auditEmulator(emulator, { selectors: ["all"] });
    const used = emulator.requests
      .map(({ action }) => action)
      .filter((action) => action !== "GetCallerIdentity");
    const policy = JSON.parse(blocks("json").find((text) => text.includes("Statement")) ?? "");
    const allowed = policy.Statement.map(({ Action }: { Action: string }) => Action);
    expect(new Set(allowed)).toEqual(new Set(used.map((action) => `vpc:${action}`)));
    expect(policy).toEqual(JSON.parse((await runCli(["policy"])).stdout));
  });
});
