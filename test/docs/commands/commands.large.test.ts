import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import VpcClient from "@alicloud/vpc20160428";
import { describe, expect, test } from "vitest";

import { documents, REPOSITORY } from "../../harness/documents.ts";
import { followGuide } from "./follow-guide.ts";
import { stepsOf } from "./guide-statements.ts";
import { GUIDES, TESTED_SCRIPTS } from "./guides.ts";
import { OUTSIDE_CALLS } from "./outside-calls.ts";
import { isInstalled } from "./outside-programs.ts";
import { problemsOf } from "./problems-of.ts";

// The guides in Chinese have the same code, which another test says.
const WITH_COMMANDS = documents()
  .filter(({ path }) => !path.includes("zh-CN"))
  .filter(({ text }) => stepsOf(text).statements.length > 0);

/** Not every machine has it. */
const needsJq = (text: string): boolean => stepsOf(text).statements.some((it) => /^jq /.test(it));
const CASES = WITH_COMMANDS.map(({ path, text }) => {
  const why = needsJq(text) && !isInstalled("jq") ? " (skipped: needs jq)" : "";
  return { path, text, why };
});

describe.concurrent("the commands of a guide, run in its order", () => {
  for (const { path, text, why } of CASES) {
    test.skipIf(why !== "")(
      `${path}${why}`,
      async () => {
        const guide = GUIDES[path] ?? {};
        const followed = await followGuide(text, guide);
        expect(problemsOf(followed, guide)).toEqual([]);
        expect(followed.outsideCalls).toEqual(OUTSIDE_CALLS[path] ?? []);
      },
      120_000,
    );
  }

  test("a command that cannot run is found", async () => {
    const planted = [
      "flowlog-guard config --no-such-flag",
      'aliyun ram CreatePolicy --region cn-hangzhou --PolicyDocument "$(cat docs/no-such-policy.json)"',
      "kubectl apply --filename deploy/no-such-manifest.yaml",
      "cp -r deploy/terraform/examples/basic copied && terraform -chdir=copied init",
      "for name in 1 2; do npm run no-such-script-$name; done; true",
      "no-such-program --version",
      'aliyun vpc OpenFlowLogService --RegionId "$NO_SUCH_VARIABLE"',
      "flowlog-guard config >/dev/null",
      "flowlog-guard cnofig | cat",
    ];
    const markdown = `\`\`\`sh\n${planted.join("\n")}\n\`\`\`\n`;
    const problems = problemsOf(await followGuide(markdown, {}), { exitCodes: { audit: 1 } });
    expect(problems.map((problem) => problem.split("\n")[0])).toEqual([
      ...planted.filter((statement) => statement !== "flowlog-guard config >/dev/null"),
      "not called: flowlog-guard audit",
    ]);
  });
});

test("the tables name guides that have commands", () => {
  const paths = WITH_COMMANDS.map(({ path }) => path);
  expect(paths.length).toBeGreaterThan(20);
  const named = [...Object.keys(GUIDES), ...Object.keys(OUTSIDE_CALLS)];
  expect(named.filter((path) => !paths.includes(path))).toEqual([]);
});

const ALL_OUTSIDE = Object.values(OUTSIDE_CALLS).flat();

test("every script that a guide calls is run by a test of its own", () => {
  const { scripts } = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8"));
  const called = ALL_OUTSIDE.flatMap((call) => /^npm run (\S+)/.exec(call)?.[1] ?? []);
  expect([...new Set(called)].toSorted()).toEqual(Object.keys(TESTED_SCRIPTS));
  for (const [name, path] of Object.entries(TESTED_SCRIPTS)) {
    expect(scripts).toHaveProperty([name]);
    expect({ path, isThere: existsSync(join(REPOSITORY, path)) }).toEqual({ path, isThere: true });
  }
});

test("the aliyun command line is given actions of the VPC API that exist", () => {
  const actions = ALL_OUTSIDE.flatMap((call) => /^aliyun vpc (\w+)/.exec(call)?.[1] ?? []);
  expect(actions).toContain("OpenFlowLogService");
  const methods = actions.map((action) => action.charAt(0).toLowerCase() + action.slice(1));
  expect(methods.filter((method) => !(method in VpcClient.default.prototype))).toEqual([]);
});
