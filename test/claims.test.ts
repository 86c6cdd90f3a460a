import { readdirSync, readFileSync } from "node:fs";

import type { Command } from "commander";
import { describe, expect, test } from "vitest";

import { createProgram } from "../functions/cli/program.ts";
import { LANGUAGES } from "../shared/notify/receiver-options.ts";
import { RECEIVER_TYPES } from "../shared/notify/receivers.ts";
import { FORMAT_NAMES, formatOf } from "../shared/report/formats.ts";
import { loadWords } from "../shared/report/words/load-words.ts";
import { DEFAULT_RULES } from "../shared/rules/rules.ts";
import { alertWith } from "./harness/alert-with.ts";
import { reportWith } from "./harness/report-with.ts";
import { bodiesOf } from "./shared/notify/read-bodies.ts";

const ROOT = new URL("../", import.meta.url);

/** The files in a folder and below it, by their path from the root. */
function filesIn(folder: string): string[] {
  return readdirSync(new URL(folder, ROOT), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(ROOT.pathname.length));
}

/** All texts that a user may read, except the change log, which is about earlier versions. */
const FILES = [
  ...[
    "README.md",
    "ARCHITECTURE.md",
    "SECURITY.md",
    "action.yml",
    "package.json",
    "s.yaml",
    "Dockerfile",
  ],
  ...["docs", "functions", "shared", "deploy", "test/demo"].flatMap(filesIn),
];

/** Every help text of the command line. */
function helpTexts(): string[] {
  const { stdout, stderr } = process;
  const stopRequested = async (): Promise<void> => {};
  const world = { argv: [], env: {}, stdout, stderr, clock: () => new Date(), stopRequested };
  const helpOf = (command: Command): string[] => [
    command.helpInformation(),
    ...command.commands.flatMap(helpOf),
  ];
  return helpOf(createProgram(world, () => {}));
}

/** Everything that receivers are sent, and a report in every format. */
async function sentTexts(): Promise<string[]> {
  const events = ["opened", "reminder", "changed", "resolved", "unreadable", "readable"] as const;
  const others = ["COMPLIANT", "NON_COMPLIANT", "INSUFFICIENT_DATA", "IGNORED"] as const;
  const alerts = [
    alertWith(events, { others }),
    alertWith([], { kind: "summary", others }),
    alertWith([], { kind: "summary", others: ["COMPLIANT"] }),
    alertWith([], { kind: "test" }),
  ];
  const messages = RECEIVER_TYPES.flatMap((type) =>
    LANGUAGES.flatMap((language) => alerts.flatMap((alert) => bodiesOf(type, alert, { language }))),
  );
  const reports = await Promise.all(
    FORMAT_NAMES.flatMap((name) =>
      LANGUAGES.map(async (language) =>
        formatOf(name).render(reportWith(others), {
          color: false,
          cards: DEFAULT_RULES,
          words: await loadWords(language),
        }),
      ),
    ),
  );
  return [...messages.map((body) => JSON.stringify(body)), ...reports];
}

const TEXTS: readonly (readonly [where: string, text: string])[] = [
  ...FILES.map((path) => [path, readFileSync(new URL(path, ROOT), "utf8")] as const),
  ["the help", helpTexts().join("\n")],
  ["messages and reports", (await sentTexts()).join("\n")],
];

/** Files about the rules that look at flow logs themselves, which prove more. */
const ABOUT_FLOW_LOGS =
  /^(docs\/rules\.md|shared\/report\/words\/zh-advice\.ts|shared\/rules\/(?!flow-log-service-activated\.ts))/;

/** Claims that an activated service does not prove. */
const CLAIMS: readonly RegExp[] = [
  /(implement|meet|satisf|fulfil|compl(y|ies) with)\w* (the )?(CIS|controls? \d)/i,
  /CIS[- ]compliant/i,
  /ensure virtual network flow log/i,
  /flow logg?(s|ing)?\b (is|are) (still )?(not )?(now )?(on|off|enabled|disabled|active|activated)\b/i,
  /[Ff]low logg?(s|ing)?\b (still )?(not )?(activated|enabled|active)\b/,
  /traffic is (being )?(logged|recorded)(?<!(whether|nor|or|that) .{0,40}recorded)/i,
  /all clear|一切正常/i,
  // What is activated is 流日志功能; a flow log has yet to be created.
  /开通\s*(VPC\s*)?流日志(?!功能)|流日志(服务)?[已未]?(开启|开通|启用|激活)/,
  // Ids are renumbered between versions of the benchmark.
  /Alibaba Cloud Foundation Benchmark(?! 2\.0\.0|["`])/,
  /CIS 2\.5/,
];

/** Short texts, where 流日志 alone would be taken for the service. */
const SHORT_TEXTS = ["messages and reports", "the help"];

/** The tags of a drawing. */
const TAGS = /<\/?(?:svg|g|text|tspan)\b[^<>]*>/g;

function claimsIn(text: string): string[] {
  // Joins sentences that line ends, comments or drawings split.
  const read = text.replaceAll(TAGS, " ").replaceAll(/\s+(?:\*|\/\/)?\s*/g, " ");
  return CLAIMS.flatMap((claim) => claim.exec(read)?.[0] ?? []);
}

describe("the repository's claims", () => {
  test("do not exceed what the rule proves", () => {
    const found = TEXTS.filter(([where]) => !ABOUT_FLOW_LOGS.test(where)).flatMap(([where, text]) =>
      claimsIn(text).map((claim) => `${where}: ${claim}`),
    );
    expect(found).toEqual([]);
    const short = TEXTS.filter(([where]) => SHORT_TEXTS.includes(where));
    expect(short).toHaveLength(SHORT_TEXTS.length);
    for (const [, text] of short) expect(text).not.toMatch(/(?<!创建)流日志(?!功能)/);
  });

  test.each([
    "It implements CIS Alibaba Cloud Foundation Benchmark 2.0.0 control 2.5.",
    '"Ensure virtual network flow log service is enabled"',
    "engineers who must show that flow\nlogs are on",
    "VPC flow logs not activated: 2 regions",
    "resolved, flow logs activated: 1 region",
    " * VPC flow\n * logs are activated",
    "<tspan>VPC flow logs are</tspan><tspan>still not activated</tspan>",
    "With it, traffic is recorded.",
    "All clear: 5 regions",
    "5 个地域均已开通 VPC 流日志",
    "Read 3 of 4 regions · CIS Alibaba Cloud Foundation Benchmark 2.5",
    "an activated service meets controls 2.5 and 3.3",
    "CIS 2.5",
  ])("would be found in %j", (text) => {
    expect(claimsIn(text)).not.toEqual([]);
  });

  test("name each control with its version, and as a precondition", () => {
    const controls = DEFAULT_RULES.flatMap((rule) => rule.controls);
    expect(controls.map(({ id, relation }) => `${relation} ${id}`)).toEqual([
      "precondition 2.5",
      "precondition 3.3",
    ]);
    const shown = TEXTS.filter(([where]) =>
      ["README.md", "package.json", "the help", "docs/alert.svg", "docs/audit.svg"].includes(where),
    );
    expect(shown).toHaveLength(5);
    for (const [, text] of shown) {
      const read = text.replaceAll(TAGS, " ").replaceAll("*", " ").replaceAll(/\s+/g, " ");
      expect(read).toMatch(
        /precondition of CIS Alibaba Cloud Foundation Benchmark 2\.0\.0 controls 2\.5 and 3\.3/,
      );
    }
  });
});

/** Commands of the aliyun command line, whole although a backslash continues them. */
function commandsIn(text: string): string[] {
  return (
    text
      .replaceAll(TAGS, "\n")
      .replaceAll(/ *\\\n\s*/g, " ")
      .match(COMMAND) ?? []
  );
}
const COMMAND = /\baliyun (?:oss [a-z]+|[a-z-]+ [A-Z]\w+)\b[^\n`"]*/g;

describe("the aliyun command line, which needs a region beside keys in the environment,", () => {
  test("has --region in every command", () => {
    const withoutRegion = TEXTS.flatMap(([where, text]) =>
      commandsIn(text)
        .filter((command) => !/ --region (?:\S|$)/.test(command) || /--RegionId\b/.test(command))
        .map((command) => `${where}: ${command}`),
    );
    expect(withoutRegion).toEqual([]);
  });

  test("is found by the search of this test", () => {
    const counts = Object.fromEntries(
      TEXTS.map(([where, text]) => [where, commandsIn(text).length] as const).filter(
        ([, count]) => count > 0,
      ),
    );
    const places = Object.keys(counts).filter((where) => !where.includes("zh-CN"));
    expect(places.toSorted()).toEqual([
      "README.md",
      "docs/alert.svg",
      "docs/audit.svg",
      "docs/cloud-config.md",
      "docs/compare.md",
      "docs/deploy.md",
      "docs/evidence.md",
      "docs/logs.md",
      "docs/organization.md",
      "docs/reasons.md",
      "messages and reports",
      "shared/rules/flow-log-service-activated.ts",
    ]);
    expect(counts["docs/deploy.md"]).toBe(9);
    expect(commandsIn("aliyun ram \\\n  DeleteRole --RoleName x\naliyun oss mb oss://b")).toEqual([
      "aliyun ram DeleteRole --RoleName x",
      "aliyun oss mb oss://b",
    ]);
  });
});
