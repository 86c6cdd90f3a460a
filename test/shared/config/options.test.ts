import { Command } from "commander";
import { describe, expect, test } from "vitest";

import {
  addRunOptions,
  addScopeOptions,
  flagOf,
  isWholeScope,
  readFlags,
} from "../../../functions/cli/flags/config-options.ts";
import { withoutAlerts } from "../../../shared/config/config-file.ts";
import { DEFAULT_CONFIG, resolveConfig } from "../../../shared/config/config.ts";
import { describeConfig } from "../../../shared/config/describe-config.ts";
import { ALERT_VARIABLES, readEnvironmentLayer } from "../../../shared/config/environment.ts";
import { readFileLayer } from "../../../shared/config/layer.ts";
import { type ListedOption, listOptions, type Variable } from "../../../shared/config/option.ts";
import { OPTIONS } from "../../../shared/config/options.ts";
import { knownKeys, narrowsScope } from "../../../shared/config/schema.ts";
import { layerOf } from "../../../shared/entry/run-request.ts";

const ALL = listOptions(OPTIONS);
const BY_PATH = ALL.map((option) => [option.path.join("."), option] as const);
const VARIABLES = ALL.flatMap(({ variables = [] }) => variables);
const FLAGS = BY_PATH.filter(([, { flag }]) => flag !== undefined);

/** Values with one at a path. */
function at(path: readonly string[], value: unknown): unknown {
  return path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
}

function nameOf({ path }: ListedOption): string {
  return String(path.at(-1));
}

describe("every row of the table", () => {
  test.each(BY_PATH)(
    "%s is a key of the file, and its problems are named after it",
    (path, option) => {
      const { problems } = readFileLayer({ name: "f.yaml", values: at(option.path, null) }, {});
      expect(problems).toEqual([expect.stringMatching(new RegExp(`^f\\.yaml: ${path}: `))]);
      expect(problems[0]).not.toContain("is not a known key");
    },
  );

  test.each(BY_PATH)("%s has its default where no source gives a value", (_path, option) => {
    const layer = readFileLayer({ name: "f.yaml", values: at(option.path.slice(0, -1), {}) }, {});
    expect(resolveConfig(layer)).toEqual(DEFAULT_CONFIG);
  });

  test("ends in Ms in code if, and only if, it is a duration, which has no unit in the file", () => {
    const isDuration = ({ path }: ListedOption): boolean =>
      readFileLayer({ name: "f", values: at(path, true) }, {})
        .problems.join()
        .includes("must be a duration");
    const inFile = ALL.filter(isDuration).map(nameOf);
    const inCode = [...JSON.stringify(DEFAULT_CONFIG).matchAll(/"(\w+)Ms":/g)].map(([, key]) =>
      String(key),
    );
    expect(inFile.toSorted()).toEqual(inCode.toSorted());
  });

  test.each(BY_PATH)("%s is printed under its key in the file", (_path, option) => {
    const printed = describeConfig(DEFAULT_CONFIG);
    const shown = option.path.reduce<unknown>((outer, key) => Object(outer)[key], printed);
    expect(shown).toEqual(option.describe(option.fallback, DEFAULT_CONFIG));
  });

  test.each(BY_PATH.filter(([, { formerKey }]) => formerKey !== undefined))(
    "%s: the former key is an error that names the present one",
    (_path, option) => {
      const path = [...option.path.slice(0, -1), String(option.formerKey)];
      const { problems } = readFileLayer({ name: "f.yaml", values: at(path, 1) }, {});
      expect(problems).toEqual([
        `f.yaml: ${path.join(".")}: is now called ${nameOf(option)}: rename it`,
      ]);
    },
  );
});

describe("every variable", () => {
  const complete = ({ name, needs }: Variable, text: string): Record<string, string> => ({
    ...(needs && { [needs.name]: "https://hooks.example.com/x" }),
    [name]: text,
  });

  test.each(VARIABLES)("$name is read, and its problems are named after it", (variable) => {
    const { problems } = readEnvironmentLayer(complete(variable, ""));
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${variable.name}: `))]);
    expect(problems[0]).not.toContain("is not a known variable");
    expect(readEnvironmentLayer(complete(variable, "unset")).problems).toEqual([]);
  });

  test.each(VARIABLES.filter(({ needs }) => needs !== undefined))(
    "$name without what it needs is an error",
    ({ name, needs }) => {
      for (const env of [{ [name]: "x" }, { [name]: "x", [String(needs?.name)]: "unset" }]) {
        const { problems, values } = readEnvironmentLayer(env);
        expect(problems).toEqual([`${name}: ${needs?.because} ${needs?.name}, which is not set`]);
        expect(values).toEqual({});
      }
    },
  );
});

describe("every flag", () => {
  test.each(FLAGS)("of %s is read, and its problems are named after it", (_path, option) => {
    const { problems } = readFlags({ [nameOf(option)]: "" });
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${flagOf(nameOf(option))}: `))]);
  });
});

test("a flag that is repeatable joins its values, and the last one of another counts", () => {
  const flags = FLAGS.map(([, option]) => flagOf(nameOf(option)));
  const argv = flags.flatMap((flag) => [flag, "a", flag, "b"]);
  const command = addRunOptions(addScopeOptions(new Command())).parse(argv, { from: "user" });
  expect(command.opts()).toEqual(
    Object.fromEntries(
      FLAGS.map(([, option]) => [nameOf(option), option.flag?.isRepeatable ? "a,b" : "b"]),
    ),
  );
  expect(command.opts()).toMatchObject({ regions: "a,b" });
});

describe("an option of the scope", () => {
  test.each(BY_PATH)("%s: an event may set it, and nothing else", (_path, { path, isScope }) => {
    const { problems } = layerOf({ ...Object(at(path, true)) }, "event");
    const isKnown = !problems.join().includes("is not a known key");
    expect(isKnown).toBe(isScope === true);
  });

  test.each(FLAGS)("%s: a run with its flag is not one of the whole scope", (_path, option) => {
    expect(isWholeScope({ [nameOf(option)]: "x" })).toBe(option.isScope !== true);
  });

  test("narrows the run of an event", () => {
    expect(narrowsScope(layerOf({}, "event").values)).toBe(false);
    expect(narrowsScope(layerOf({ regions: ["all"] }, "event").values)).toBe(true);
    expect(narrowsScope(layerOf({ rules: ["all"] }, "event").values)).toBe(true);
  });
});

describe("a function that never alerts", () => {
  test("gets a packed file without the options for alerts", () => {
    for (const { path, isForAlerts } of ALL) {
      const kept = withoutAlerts({ name: "f.yaml", values: at(path, "s3cret") })?.values;
      expect(kept).toEqual(isForAlerts === true ? {} : at(path, "s3cret"));
    }
    // A value that is not an object is an error of the file, also in a packed one.
    for (const values of [null, "text", ["alerts"]]) {
      expect(withoutAlerts({ name: "f.yaml", values })).toEqual({ name: "f.yaml", values });
    }
    expect(withoutAlerts(null)).toBeNull();
  });

  test("needs no variable for alerts", () => {
    expect(ALERT_VARIABLES).toEqual([
      "FLOWLOG_GUARD_WEBHOOK_URL",
      "FLOWLOG_GUARD_WEBHOOK_SECRET",
      "FLOWLOG_GUARD_STATE",
      "FLOWLOG_GUARD_EVIDENCE",
      "FLOWLOG_GUARD_HEARTBEAT_URL",
      "FLOWLOG_GUARD_SCHEDULE",
    ]);
  });
});

test("a layer wins value by value, also within a group", () => {
  const layer = (values: unknown) => readFileLayer({ name: "f.yaml", values }, {});
  const config = resolveConfig(
    layer({
      concurrency: 2,
      alerts: { repeatAfter: "2h", unreadableAfter: 3 },
      endpoints: { sts: "sts.one", fc: "fc.one" },
    }),
    layer({ deadline: "1m", alerts: { repeatAfter: "3h" }, endpoints: { fc: "fc.two" } }),
    readEnvironmentLayer({ HTTPS_PROXY: "http://proxy.example:3128" }),
    layer({}),
  );
  expect(config).toEqual({
    ...DEFAULT_CONFIG,
    proxy: expect.objectContaining({ hostname: "proxy.example" }),
    concurrency: 2,
    deadlineMs: 60_000,
    alerts: { ...DEFAULT_CONFIG.alerts, repeatAfterMs: 10_800_000, unreadableAfter: 3 },
    endpoints: {
      ...DEFAULT_CONFIG.endpoints,
      sts: { host: "sts.one", protocol: "HTTPS" },
      fc: { host: "fc.two", protocol: "HTTPS" },
    },
  });
});

test.each([
  ["vpc.internal", "https://vpc.internal"],
  [{ "cn-a": "http://127.0.0.1:1" }, { "cn-a": "http://127.0.0.1:1" }],
])("the endpoints %j are printed as %j", (vpc, shown) => {
  const layer = readFileLayer({ name: "f.yaml", values: { endpoints: { vpc } } }, {});
  expect(describeConfig(resolveConfig(layer))).toMatchObject({ endpoints: { vpc: shown } });
});

test("a message may repeat every key of a configuration, at any depth, and former ones", () => {
  expect(knownKeys()).toEqual(
    expect.arrayContaining([
      ...ALL.flatMap(({ path }) => path),
      ...["blindAfter", "url", "everyone", "username", "expires", "validFor", "Host"],
    ]),
  );
  expect(knownKeys()).not.toContain("timeoutMs");
});
