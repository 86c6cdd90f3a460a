import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { load } from "js-yaml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { REPOSITORY } from "../harness/documents.ts";
import { blocksIn } from "../harness/markdown.ts";
import { hasLinter, type Linter, runLinter } from "./linters.ts";

const WORKFLOWS = readdirSync(join(REPOSITORY, ".github/workflows")).map(
  (name) => `.github/workflows/${name}`,
);
const FORMS = readdirSync(join(REPOSITORY, ".github/ISSUE_TEMPLATE"))
  .filter((name) => name !== "config.yml")
  .map((name) => `.github/ISSUE_TEMPLATE/${name}`);

/** The workflows that docs/ci.md shows, as files. */
let shown: string[];
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "flowlog-guard-workflows-"));
  const blocks = blocksIn("yaml", readFileSync(join(REPOSITORY, "docs/ci.md"), "utf8"));
  shown = blocks
    .filter((block) => block.includes("\njobs:"))
    .map((block, at) => {
      const path = join(folder, `${at}.yml`);
      writeFileSync(path, block);
      return path;
    });
  if (shown.length === 0) throw new Error("docs/ci.md shows no workflow");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the name of a skipped test says. */
function whyNot(linter: Linter): string {
  return hasLinter(linter) ? "" : " (skipped: needs it, as .ci/run installs it)";
}

/** What a linter finds, with nothing where it is content. */
function findingsOf(linter: Linter, args: readonly string[]): string {
  const { status, output } = runLinter(linter, args);
  return status === 0 ? "" : output;
}

describe.skipIf(!hasLinter("check-jsonschema"))(
  `check-jsonschema${whyNot("check-jsonschema")}`,
  () => {
    test.each([
      ["github-actions", ["action.yml"]],
      ["github-workflows", WORKFLOWS],
      ["github-issue-forms", FORMS],
      ["github-issue-config", [".github/ISSUE_TEMPLATE/config.yml"]],
      ["dependabot", [".github/dependabot.yml"]],
      ["gitlab-ci", ["deploy/ci/gitlab-ci.yml"]],
    ])("accepts %s: %j", (schema, files) => {
      expect(
        findingsOf("check-jsonschema", ["--builtin-schema", `vendor.${schema}`, ...files]),
      ).toBe("");
    });

    test("accepts the workflows of docs/ci.md", () => {
      expect(
        findingsOf("check-jsonschema", ["--builtin-schema", "vendor.github-workflows", ...shown]),
      ).toBe("");
    });

    test("refuses what is wrong", () => {
      const args = ["--builtin-schema", "vendor.github-actions", "package.json"];
      expect(runLinter("check-jsonschema", args).status).toBe(1);
    });
  },
);

describe.skipIf(!hasLinter("actionlint"))(`actionlint${whyNot("actionlint")}`, () => {
  test("accepts the workflows, and their scripts with shellcheck", () => {
    expect(hasLinter("shellcheck")).toBe(true);
    expect(findingsOf("actionlint", [...WORKFLOWS, ...shown])).toBe("");
  });

  test("refuses an expression in a script that anybody can write", () => {
    const workflow = `
on: issues
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - run: echo \${{ github.event.issue.title }}
`;
    const { status, output } = runLinter("actionlint", ["-"], workflow);
    expect(status).toBe(1);
    expect(output).toContain("untrusted");
  });
});

describe.skipIf(!hasLinter("zizmor"))(`zizmor${whyNot("zizmor")}`, () => {
  test("accepts the action, the workflows and the updates of dependencies", () => {
    expect(
      findingsOf("zizmor", ["--offline", "--no-progress", "--persona=auditor", "action.yml"]),
    ).toBe("");
    const files = [...WORKFLOWS, ".github/dependabot.yml"];
    expect(
      findingsOf("zizmor", ["--offline", "--no-progress", "--strict-collection", ...files]),
    ).toBe("");
  });

  test("accepts the workflows of docs/ci.md", () => {
    expect(findingsOf("zizmor", ["--offline", "--no-progress", ...shown])).toBe("");
  });
});

describe.skipIf(!hasLinter("shellcheck"))(`shellcheck${whyNot("shellcheck")}`, () => {
  test("accepts the scripts of the action and of CI", () => {
    expect(findingsOf("shellcheck", ["deploy/ci/action/build.sh"])).toBe("");
    expect(findingsOf("shellcheck", [".ci/run"])).toBe("");
  });

  test("accepts the lines for GitLab", () => {
    const file = readFileSync(join(REPOSITORY, "deploy/ci/gitlab-ci.yml"), "utf8");
    const { "flowlog-guard": job } = load(file) as {
      readonly "flowlog-guard": { readonly before_script: string[]; readonly script: string[] };
    };
    const script = [...job.before_script, ...job.script].join("\n");
    expect(runLinter("shellcheck", ["--shell=bash", "-"], script)).toEqual({
      status: 0,
      output: "",
    });
  });
});

describe("the workflows and the action", () => {
  const texts = ["action.yml", ...WORKFLOWS].map((path) =>
    readFileSync(join(REPOSITORY, path), "utf8"),
  );

  test("put no expression into a script", () => {
    for (const text of texts) {
      for (const run of runsOf(load(text))) expect(run).not.toContain("${{");
    }
  });

  test("use actions of others by a full commit, and none in the action", () => {
    const uses = texts.flatMap((text) =>
      [...text.matchAll(/uses: (\S+)/g)].map(([, name]) => name),
    );
    expect(uses.length).toBeGreaterThan(5);
    for (const name of uses) expect(name).toMatch(/^(\.\/|[\w-]+\/[\w-]+@[0-9a-f]{40})$/);
    expect(texts[0]).not.toContain("uses:");
  });

  test("never run the code of a pull request with rights to write", () => {
    for (const text of texts) expect(text).not.toMatch(/pull_request_target|workflow_run/);
  });
});

/** The scripts of all steps. */
function runsOf(node: unknown): string[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === "run" ? [String(value)] : runsOf(value),
  );
}
