import { readdirSync, readFileSync } from "node:fs";

import { Ajv } from "ajv";
import { marked } from "marked";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

import { DEFAULT_CONFIG } from "../../../shared/config/config.ts";
import { configJsonSchema } from "../../../shared/config/json-schema.ts";
import { DESCRIPTIONS, EXAMPLES } from "../../../shared/config/json-schema/descriptions.ts";
import { problemsOfFile } from "../../../shared/config/layer.ts";
import { listOptions } from "../../../shared/config/option.ts";
import { OPTIONS } from "../../../shared/config/options.ts";
import { runCli } from "../../harness/run-cli.ts";
import { at, compile, isAccepted, keysOfForm, RECEIVER } from "./config-candidates.ts";

const SCHEMA = configJsonSchema();
const validate = compile(SCHEMA);

describe("the JSON schema of the configuration file", () => {
  test("is a schema of draft 7, in Ajv's strict mode too", () => {
    const ajv = new Ajv();
    expect([ajv.validateSchema(SCHEMA), ajv.errors]).toEqual([true, null]);
    expect(() => compile(SCHEMA)).not.toThrow();
  });

  test("is what the command prints", async () => {
    const { exitCode, stdout, stderr } = await runCli(["schema"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(SCHEMA)));
  });

  test("describes every key, and has no words for others", () => {
    const keys = keysOfForm(SCHEMA);
    expect(keys.filter((key) => !DESCRIPTIONS.has(key))).toEqual([]);
    expect(
      [...DESCRIPTIONS.keys(), ...EXAMPLES.keys()].filter((key) => !keys.includes(key)),
    ).toEqual([]);
  });

  test("has only defaults and examples that the program and itself accept", () => {
    for (const [key, values] of EXAMPLES) {
      if (/^alerts.receivers|^exemptions./.test(key)) continue;
      for (const value of values)
        expect([key, value, isAccepted(at(key.split("."), value))]).toEqual([key, value, true]);
    }
    const shown = listOptions(OPTIONS).map((option) => {
      const { path, fallback, fallbackText } = option;
      const form = path.reduce<unknown>(
        (outer, key) => Object(Object(outer).properties)[key],
        SCHEMA,
      );
      const isShown = fallback !== null && fallbackText === undefined;
      const written = isShown ? option.describe(fallback, DEFAULT_CONFIG) : undefined;
      expect([path, Object(form).default]).toEqual([path, written]);
      return at(path, written);
    });
    expect(shown.filter((values) => !validate(JSON.parse(JSON.stringify(values))))).toEqual([]);
  });
});

describe("a file that the program accepts", () => {
  test.each(["null", "", "# nothing\n"])("passes the schema although it is empty: %j", (text) => {
    expect(validate(parse(text))).toBe(true);
  });
});

describe("a file that the program refuses", () => {
  test.each([
    ["a former key", { alerts: { blindAfter: 2 } }],
    ["a key in the wrong place", { receivers: [] }],
    ["an account whose number is not in quotes", { accounts: [{ id: 1_234_567_890 }] }],
    ["a receiver without an address", { alerts: { receivers: [{ type: "slack" }] } }],
    ["a secret of WeCom", { alerts: { receivers: [{ type: "wecom", url: "${U}", secret: "x" }] } }],
    [
      "labels at Slack",
      { alerts: { receivers: [{ url: "https://hooks.slack.com/x", labels: {} }] } },
    ],
    [
      "a language of a generic webhook",
      { alerts: { receivers: [{ ...RECEIVER, language: "zh" }] } },
    ],
    ["a ${ without an end", { state: "oss://${BUCKET/x" }],
    ["a list", []],
    ["a text", "regions: all"],
  ])("fails the schema: %s", (_what, values) => {
    expect(isAccepted(values)).toBe(false);
    expect(validate(values)).toBe(false);
  });
});

describe("the examples of the guides", () => {
  const files = ["README.md", ...readdirSync("docs").map((name) => `docs/${name}`)].filter((name) =>
    name.endsWith(".md"),
  );
  const blocks = files.flatMap((name) =>
    marked
      .lexer(readFileSync(name, "utf8"))
      .flatMap((token) =>
        token.type === "code" && token.lang === "yaml" ? [String(token.text)] : [],
      )
      .map((text) => [name, text] as const),
  );
  const ours = blocks.filter(([, text]) => isOurs(text));

  test("are found", () => expect(ours.length).toBeGreaterThan(8));

  test.each(ours)("%s: %s", (_name, text) => {
    const values: unknown = parse(text);
    expect(problemsOfFile({ name: "flowlog-guard.yaml", values })).toEqual([]);
    expect([validate(values), validate.errors]).toEqual([true, null]);
  });

  /** Whether every key at the top is one of ours. */
  function isOurs(text: string): boolean {
    const values: unknown = parse(text);
    return (
      typeof values === "object" &&
      Object.keys({ ...values }).every((key) => key in Object(SCHEMA["properties"]))
    );
  }
});
