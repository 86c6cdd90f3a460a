import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util";

import { ROOT } from "../bundle.ts";
import { buildRelease } from "./build-release.ts";
import { releaseUnreleased, sectionsOf } from "./changelog.ts";
import { nextCommands } from "./next-commands.ts";
import { planRelease, RELEASE_FILES } from "./plan-release.ts";

const USAGE = "Usage: npm run release -- <version> --repository <https address> [--dry-run]";

try {
  process.exitCode = await release(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`release: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

/**
 * Builds the files of a release into `release/<version>/`, and prints the commands that publish them.
 *
 * @returns the exit code
 */
async function release(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { repository: { type: "string" }, "dry-run": { type: "boolean", default: false } },
  });
  const [version, ...rest] = positionals;
  if (version === undefined || rest.length > 0) return refuse([USAGE]);
  const manifest = readManifest();
  const plan = planRelease({
    version,
    repository: values.repository,
    present: { version: manifest.version, repository: manifest.repository.url },
    changelog: read("CHANGELOG.md"),
    changedFiles: changedFiles(),
    tags: tags(),
    head: git("rev-parse", "HEAD").trim(),
  });
  if (!("version" in plan)) return refuse(plan);
  const folder = `release/${version}`;
  if (values["dry-run"]) {
    say(`Nothing is in the way of ${version}. Without --dry-run: the checks run (.ci/run), and`);
    say(`the files of the release are built into ${folder}/. Nothing is published.`);
    return 0;
  }

  const before = new Map(RELEASE_FILES.map((name) => [name, read(name)]));
  if (!plan.isWritten) writeVersion(version);
  const { status } = spawnSync(`${ROOT}.ci/run`, { cwd: ROOT, stdio: "inherit" });
  if (status !== 0) {
    for (const [name, text] of before) writeFileSync(`${ROOT}${name}`, text);
    return refuse(["the checks failed (.ci/run): version and changelog are as before"]);
  }
  const section = sectionsOf(read("CHANGELOG.md")).find((each) => each.version === version);
  const date = section?.date ?? null;
  if (date === null) return refuse([`CHANGELOG.md: the heading of ${version} has no date`]);
  const released = { version, repository: plan.repository, date };
  await buildRelease(`${ROOT}${folder}`, released);
  say(`${folder}/ is built. Look at it, then publish it:`);
  for (const command of nextCommands(released, folder, read("Dockerfile"))) say(`  ${command}`);
  return 0;
}

/** Writes the version into the files of the checkout. */
function writeVersion(version: string): void {
  const today = new Date().toISOString().slice(0, 10);
  writeFileSync(`${ROOT}CHANGELOG.md`, releaseUnreleased(read("CHANGELOG.md"), version, today));
  execFileSync(
    "npm",
    ["version", version, "--no-git-tag-version", "--allow-same-version", "--ignore-scripts"],
    { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] },
  );
}

function readManifest(): {
  readonly version: string;
  readonly repository: { readonly url: string };
} {
  return JSON.parse(read("package.json")) as ReturnType<typeof readManifest>;
}

function read(name: string): string {
  return readFileSync(`${ROOT}${name}`, "utf8");
}

function changedFiles(): readonly string[] {
  // Each entry is two letters, a blank and a path; a renamed file's old path follows on its own.
  return git("status", "--porcelain", "--no-renames", "-z", "--untracked-files=all")
    .split("\0")
    .filter((entry) => entry !== "")
    .map((entry) => entry.slice(3));
}

function tags(): ReadonlyMap<string, string> {
  const lines = git("tag", "--list", "--format=%(refname:short) %(*objectname) %(objectname)");
  return new Map(
    lines.split("\n").flatMap((line) => {
      const [name, commit] = line.split(/ +/);
      return name === undefined || commit === undefined ? [] : [[name, commit] as const];
    }),
  );
}

function git(...args: readonly string[]): string {
  return execFileSync("git", args, { cwd: ROOT, encoding: "utf8" });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function refuse(problems: readonly string[]): number {
  for (const problem of problems) process.stderr.write(`release: ${problem}\n`);
  return 1;
}
