import { describe, expect, test } from "vitest";

import { DEFAULT_RULE_SETTINGS } from "../../../shared/audit/rule-settings.ts";
import { DEFAULT_CONFIG, resolveConfig } from "../../../shared/config/config.ts";
import { describeConfig } from "../../../shared/config/describe-config.ts";
import { problemsOfFile, readFileLayer } from "../../../shared/config/layer.ts";
import { settingsWithDefaults, warningsOfSettings } from "../../../shared/config/rule-settings.ts";
import { RULE_IDS } from "../../../shared/rules/rule-ids.ts";

function resolve(values: unknown) {
  return resolveConfig(readFileLayer({ name: "f.yaml", values }, {}));
}

function problemsOf(values: unknown): string[] {
  return problemsOfFile({ name: "f.yaml", values });
}

describe("the rules of an audit", () => {
  test.each<[unknown, readonly string[]]>([
    [undefined, ["flow-log-service-activated"]],
    [["flow-log-retention"], ["flow-log-retention"]],
    ["flow-log-retention", ["flow-log-retention"]],
    [
      " vpc-flow-log-complete , vpc-flow-log-active",
      ["vpc-flow-log-active", "vpc-flow-log-complete"],
    ],
    [["flow-log-retention", "flow-log-retention"], ["flow-log-retention"]],
    ["all", RULE_IDS],
    [["all"], RULE_IDS],
    [["vpc-flow-log-active", "all", "vpc-flow-log-active"], RULE_IDS],
    [Array.from({ length: 20 }, () => "vpc-flow-log-active"), ["vpc-flow-log-active"]],
  ])("%j are %j, each once, and in their order", (given, ids) => {
    const config = resolve(given === undefined ? {} : { rules: given });
    expect(config.rules).toEqual(ids);
    expect(describeConfig(config)).toMatchObject({ rules: ids });
  });

  const known = `those known are all, ${RULE_IDS.join(", ")}`;

  test.each<[unknown, string]>([
    [[], "rules: is empty: name a rule, or write all"],
    ["", "rules: is empty: name a rule, or write all"],
    [7, "rules: must be a list, such as [flow-log-service-activated, vpc-flow-log-active]"],
    [{ all: true }, "rules: must be a list, such as ["],
    [[7], "rules[0]: is not a rule: write its id as text"],
    [
      ["vpc-flow-log-active", "vpc-flow-log-activ"],
      'rules[1]: "vpc-flow-log-activ" is not a rule: did you mean vpc-flow-log-active?',
    ],
    // A suggestion repeats nothing of the text, which may be a secret in the wrong place.
    [["flow-log-active"], "rules[0]: is not a rule: did you mean vpc-flow-log-active?"],
    [
      ["FLOW-LOG-RETENTION"],
      'rules[0]: "FLOW-LOG-RETENTION" is not a rule: did you mean flow-log-retention?',
    ],
    [["*"], `rules[0]: "*" is not a rule: ${known}`],
    ["vpc-flow-log-active,,", `rules[1]: "" is not a rule: ${known}`],
    [["s3cret-s3cret-s3cret"], `rules[0]: is not a rule: ${known}`],
    [["s3cret".repeat(20)], `rules[0]: is not a rule: ${known}`],
    [
      Array.from({ length: 21 }, () => "x"),
      "rules: is too long: at most 20 entries, and there are 5 rules",
    ],
  ])("%j → %s", (given, problem) => {
    const [first] = problemsOf({ rules: given });
    expect(first).toContain(`f.yaml: ${problem}`);
    expect(first).not.toContain("s3cret");
  });
});

test("a build accepts rules and settings that are filled in when it runs", () => {
  const settings = { "flow-log-retention": { minDays: "${DAYS}" } };
  const values = { rules: "${RULES}", settings };
  expect(problemsOf(values)).toEqual([]);
  expect(problemsOf({ rules: ["${RULE}", "flow-log"], settings })).toEqual([
    expect.stringMatching(/^f\.yaml: rules\[1\]: /),
  ]);
  const env = { RULES: "flow-log-retention,vpc-flow-log-active", DAYS: "90" };
  expect(resolveConfig(readFileLayer({ name: "f.yaml", values }, env))).toMatchObject({
    rules: ["vpc-flow-log-active", "flow-log-retention"],
    settings: { "flow-log-retention": { minDays: 90 } },
  });
});

describe("the settings of rules", () => {
  test.each([
    [{}, DEFAULT_RULE_SETTINGS],
    [
      { "flow-log-retention": { minDays: 30 } },
      { "vpc-flow-log-complete": { trafficType: "All" }, "flow-log-retention": { minDays: 30 } },
    ],
    [
      { "flow-log-retention": {}, "vpc-flow-log-complete": { trafficType: "Drop" } },
      { "vpc-flow-log-complete": { trafficType: "Drop" }, "flow-log-retention": { minDays: 180 } },
    ],
    [
      {
        "flow-log-retention": { minDays: 3_650 },
        "vpc-flow-log-complete": { trafficType: "Allow" },
      },
      {
        "vpc-flow-log-complete": { trafficType: "Allow" },
        "flow-log-retention": { minDays: 3_650 },
      },
    ],
  ])("%j are put over the defaults", (settings, complete) => {
    expect(settingsWithDefaults(resolve({ settings }).settings)).toEqual(complete);
  });

  test.each<[unknown, string]>([
    [
      [],
      "settings: must be a set of keys and values: those known here are vpc-flow-log-complete, flow-log-retention",
    ],
    [
      { "flow-log-retentoin": {} },
      "settings.flow-log-retentoin: is not a known key: did you mean flow-log-retention?",
    ],
    [
      { "vpc-flow-log-active": {} },
      "settings.vpc-flow-log-active: is not a known key: those known here are vpc-flow-log-complete, flow-log-retention",
    ],
    [
      { "flow-log-retention": { minDay: 7 } },
      "settings.flow-log-retention.minDay: is not a known key: did you mean minDays?",
    ],
    [
      { "flow-log-retention": 30 },
      "settings.flow-log-retention: must be a set of keys and values: those known here are minDays",
    ],
    ...[0, 3_651, 1.5, "soon", -1, null].map((minDays): [unknown, string] => [
      { "flow-log-retention": { minDays } },
      "settings.flow-log-retention.minDays: must be a whole number from 1 to 3650",
    ]),
    ...["Reject", 1].map((trafficType): [unknown, string] => [
      { "vpc-flow-log-complete": { trafficType } },
      "settings.vpc-flow-log-complete.trafficType: must be one of All, Allow, Drop",
    ]),
    [
      { "vpc-flow-log-complete": { trafficType: "all" } },
      "settings.vpc-flow-log-complete.trafficType: must be one of All, Allow, Drop: did you mean All?",
    ],
  ])("%j → %s", (settings, problem) => {
    expect(problemsOf({ settings })).toEqual([`f.yaml: ${problem}`]);
  });

  test.each([
    [{}, {}],
    [{ rules: "flow-log-retention" }, { "flow-log-retention": { minDays: 180 } }],
    [
      { rules: "all", settings: { "flow-log-retention": { minDays: 7 } } },
      { "vpc-flow-log-complete": { trafficType: "All" }, "flow-log-retention": { minDays: 7 } },
    ],
    [
      { settings: { "flow-log-retention": { minDays: 7 } } },
      { "flow-log-retention": { minDays: 7 } },
    ],
  ])("of %j are printed as those of the chosen rules, and those given: %j", (values, settings) => {
    expect(describeConfig(resolve(values))["settings"]).toEqual(settings);
  });

  test("of a rule that is not chosen are a warning, and nothing else is", () => {
    const settings = { "flow-log-retention": { minDays: 7 }, "vpc-flow-log-complete": {} };
    expect(warningsOfSettings(DEFAULT_CONFIG)).toEqual([]);
    expect(warningsOfSettings(resolve({ rules: "all", settings }))).toEqual([]);
    expect(warningsOfSettings(resolve({ rules: "vpc-flow-log-complete", settings }))).toEqual([
      "settings.flow-log-retention: has no effect, because flow-log-retention is not among the rules of this audit. Add it to rules, or take its settings out.",
    ]);
  });
});
