import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";

import { descendantsOf, documentedProgram } from "../harness/documented-program.ts";
import { documents, REPOSITORY } from "../harness/documents.ts";
import { anchorsIn, blocksIn, linksIn, proseOf } from "../harness/markdown.ts";
import { callsOf } from "../harness/shell-commands.ts";

const DOCUMENTS = documents();
const PROGRAM = documentedProgram();
const COMMANDS = ["--help", "--version", ...PROGRAM.commands.map((command) => command.name())];
const FLAGS = new Set([
  ...["-h", "--help", "--version"],
  ...descendantsOf(PROGRAM).flatMap(({ options }) =>
    options.flatMap(({ long, short }) => [long, short]),
  ),
]);

/** What is wrong with a call, in the words of the program; null where it parses. */
async function problemOf(args: readonly string[]): Promise<string | null> {
  try {
    await PROGRAM.parseAsync([...args], { from: "user" });
    return null;
  } catch (error) {
    const { code, message } = Object(error);
    return /^commander\.(help|helpDisplayed|version)$/.test(code) ? null : String(message);
  }
}

/** The files in a folder, and by default below it, by their path from the repository's. */
function filesIn(folder: string, recursive = true): string[] {
  return readdirSync(join(REPOSITORY, folder), { recursive, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(REPOSITORY, join(parentPath, name)));
}

function textOf(path: string): string {
  return readFileSync(join(REPOSITORY, path), "utf8");
}

/** A block of JSON whose parts are left out with an ellipsis. */
function withoutEllipses(json: string): string {
  return json.replaceAll(/([[{]) … ([\]}])/g, "$1$2");
}

describe.each(DOCUMENTS.map(({ path, text }) => [path, text] as const))("%s", (path, text) => {
  test("links to files and headings that exist", () => {
    const broken = linksIn(text)
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [file = "", anchor] = link.split("#");
        const target = file === "" ? join(REPOSITORY, path) : join(REPOSITORY, dirname(path), file);
        if (!existsSync(target)) return true;
        return anchor !== undefined && !anchorsIn(readFileSync(target, "utf8")).includes(anchor);
      });
    expect(broken).toEqual([]);
  });

  test("has scripts that a shell can read", () => {
    for (const input of blocksIn("sh", text)) {
      const { stderr } = spawnSync("bash", ["-n"], { input, encoding: "utf8" });
      expect({ input, stderr }).toEqual({ input, stderr: "" });
    }
  });

  test("calls flowlog-guard with commands and flags that exist", async () => {
    const calls = blocksIn("sh", text).flatMap((script) => callsOf("flowlog-guard", script));
    // In a sentence, a part may be left out.
    const inline = [...proseOf(text).matchAll(/`(flowlog-guard [a-z][^`]*)`/g)]
      .map(([, call = ""]) => call.replaceAll(/\s+/g, " "))
      .filter((call) => !/[…<[]/.test(call))
      .flatMap((call) => callsOf("flowlog-guard", call));
    for (const args of calls) {
      expect({ args, problem: await problemOf(args) }).toEqual({ args, problem: null });
    }
    for (const args of inline) {
      const unknown = args.filter((word) => word.startsWith("-") && !FLAGS.has(word));
      expect({ args, unknown }).toEqual({ args, unknown: [] });
      expect(COMMANDS).toContain(args[0]);
    }
  });

  test("runs npm scripts that exist", () => {
    const { scripts } = JSON.parse(textOf("package.json"));
    for (const [, script] of text.matchAll(/npm run (\w[\w:]*\w)/g)) {
      expect(scripts).toHaveProperty([String(script)]);
    }
  });

  test("has blocks of JSON and YAML that parse", () => {
    for (const block of blocksIn("json", text)) JSON.parse(withoutEllipses(block));
    for (const block of blocksIn("yaml", text)) {
      const problems = parseAllDocuments(block).flatMap(({ errors }) => errors);
      expect({ block, problems }).toEqual({ block, problems: [] });
    }
  });
});

test.each(["README.md", "docs/commands.md", "docs/configuration.md", "docs/reasons.md"])(
  "%s names no flag that does not exist",
  (path) => {
    const text = proseOf(DOCUMENTS.find((document) => document.path === path)?.text ?? "");
    const flags = [...text.matchAll(/`(--[a-z][a-z-]+)[^`]*`/g)].map(([, flag]) => String(flag));
    expect(flags.length).toBeGreaterThan(0);
    // The flag of the aliyun command line that the guide warns of, and that of the deployment.
    expect(flags.filter((flag) => !FLAGS.has(flag) && flag !== "--plan")).toEqual([]);
  },
);

test("nothing calls flowlog-guard by npx, which fetches whatever has the name", () => {
  // Outside of a checkout, with the keys of an account in the environment.
  const others = new Set([".git", "node_modules", "dist", "test"]);
  const folders = readdirSync(REPOSITORY, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !others.has(entry.name))
    .map(({ name }) => name);
  const paths = [...folders, "test/demo", "test/emulator"].flatMap((folder) => filesIn(folder));
  const calls = [...paths, ...filesIn(".", false)].filter(
    (path) =>
      path !== "CHANGELOG.md" && /npx (?:-y |--yes )?(?:\S+\/)?flowlog-guard/.test(textOf(path)),
  );
  expect(paths).toContain("functions/cli/main.ts");
  expect(calls).toEqual([]);
});

test("the checks find what they are for", async () => {
  const script = [
    "export A=b && flowlog-guard audit --rules all   # not --these",
    'aliyun ram CreatePolicy --PolicyDocument "$(flowlog-guard policy --account $ID)"',
    "FLOWLOG_GUARD_RULES=all flowlog-guard alert preview \\\n  --type slack > messages",
    "docker run flowlog-guard watch --schedule '@every 1h'",
    "npm install ./flowlog-guard-0.1.0.tgz",
  ].join("\n");
  expect(callsOf("flowlog-guard", script)).toEqual([
    ["audit", "--rules", "all"],
    ["policy", "--account", "$ID"],
    ["alert", "preview", "--type", "slack"],
  ]);
  expect(await problemOf(["audit", "--rules", "all", "--profile", "prod"])).toBeNull();
  expect(await problemOf(["audit", "--no-such-flag"])).toContain("--no-such-flag");
  expect(await problemOf(["audti"])).toContain("audti");
  expect(await problemOf(["audit", "--format", "pdf"])).toContain("pdf");
  expect(await problemOf(["alert", "tset"])).toContain("tset");
  expect(DOCUMENTS.length).toBeGreaterThan(20);
});
