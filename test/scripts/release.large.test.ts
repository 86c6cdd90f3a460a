import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFile,
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { CheckResult } from "../../functions/check/check.ts";
import type { Report } from "../../shared/audit/report.ts";
import { startEmulator } from "../emulator/emulator.ts";
import { copyCheckout } from "../harness/copy-checkout.ts";
import { functionContext, functionEnv, invokeInTurn } from "../harness/invoke-function.ts";
import { askPython, hasPython } from "../harness/python.ts";
import { runNpm } from "../harness/run-npm.ts";
import type { ProcessResult } from "../harness/run-process.ts";

const OWN = "aWebhookOfTheDeveloper";
const VERSION = "99.0.0";
const ADDRESS = "https://github.com/owner/flowlog-guard";
const hasGit = spawnSync("git", ["--version"]).status === 0;

/** Says whether the checks ran, and with which version; fails where a file says so. */
const CHECKS = `#!/bin/sh
cd "$(dirname "$0")/.."
grep '"version"' package.json >> "$CHECKS_LOG"
[ ! -e "$CHECKS_LOG.fail" ]
`;

let folder: string;
let checkout: string;
let log: string;
beforeAll(async () => {
  if (!hasGit) return;
  folder = await mkdtemp(join(tmpdir(), "flowlog-guard-release-"));
  checkout = join(folder, "checkout");
  log = join(folder, "checks.log");
  await mkdir(join(folder, "home"));
  await copyCheckout(checkout);
  const receiver = { type: "webhook", url: `https://hooks.example.invalid/${OWN}` };
  await writeFile(
    join(checkout, "flowlog-guard.yaml"),
    JSON.stringify({ alerts: { receivers: [receiver] } }),
  );
  await writeFile(join(checkout, ".ci/run"), CHECKS, { mode: 0o755 });
  await writeFile(
    join(checkout, "CHANGELOG.md"),
    "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- What is new.\n",
  );
  git("init", "--quiet");
  // A link, which the pattern of .gitignore for the folder does not match.
  await appendFile(join(checkout, ".git/info/exclude"), "/node_modules\n/flowlog-guard.yaml\n");
  git("add", ".");
  git("commit", "--quiet", "--message", "all");
});
afterAll(async () => {
  if (hasGit) await rm(folder, { recursive: true });
});

function git(...args: readonly string[]): string {
  const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.invalid"];
  const { status, stdout, stderr } = spawnSync("git", [...identity, ...args], {
    cwd: checkout,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

async function release(...args: readonly string[]): Promise<ProcessResult> {
  const env = { CHECKS_LOG: log };
  return runNpm(
    "npm",
    ["run", "--silent", "release", "--", ...args],
    checkout,
    join(folder, "home"),
    env,
  );
}

async function releasedFile(name: string): Promise<Buffer> {
  return readFile(join(checkout, "release", VERSION, name));
}

describe.skipIf(!hasGit)("npm run release", () => {
  test("refuses a checkout with changes, and a placeholder", async () => {
    await writeFile(join(checkout, "new.ts"), "");
    const { exitCode, stdout, stderr } = await release(VERSION);
    await rm(join(checkout, "new.ts"));
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr.trim().split("\n")).toEqual([
      "release: repository: package.json has a placeholder: give the address with --repository https://…",
      "release: the checkout has changes that are not committed: new.ts",
    ]);
  });

  test("only looks with --dry-run", async () => {
    const { exitCode, stdout } = await release(VERSION, "--repository", ADDRESS, "--dry-run");
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Nothing is in the way of ${VERSION}.`);
    expect(git("status", "--porcelain")).toBe("");
    await expect(readFile(log)).rejects.toThrow("ENOENT");
  });

  test("leaves all as it was when the checks fail", async () => {
    await writeFile(`${log}.fail`, "");
    const { exitCode, stderr } = await release(VERSION, "--repository", ADDRESS);
    await rm(`${log}.fail`);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("release: the checks failed");
    expect(await readFile(log, "utf8")).toContain(VERSION);
    expect(git("status", "--porcelain")).toBe("");
    expect(await readdir(checkout)).not.toContain("release");
  });

  test("builds all files, the same again, and publishes nothing", async () => {
    const { exitCode, stdout, stderr } = await release(VERSION, "--repository", ADDRESS);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain(`npm publish release/${VERSION}/flowlog-guard-${VERSION}.tgz`);
    expect(await readdir(join(checkout, "release", VERSION))).toEqual([
      "SHA256SUMS",
      `flowlog-guard-${VERSION}.cdx.json`,
      `flowlog-guard-${VERSION}.tgz`,
      `flowlog-guard-audit-${VERSION}.zip`,
      `flowlog-guard-check-${VERSION}.zip`,
      `flowlog-guard-serverless-devs-${VERSION}.zip`,
      "release-notes.md",
    ]);
    expect(git("status", "--porcelain", "--", "release")).toBe("");
    expect(git("diff", "--name-only").trim().split("\n")).toEqual([
      "CHANGELOG.md",
      "package-lock.json",
      "package.json",
    ]);
    expect(git("log", "--format=%s").trim()).toBe("all");
    expect(git("tag")).toBe("");
    expect(await releasedFile("release-notes.md")).toEqual(
      Buffer.from("### Added\n\n- What is new.\n"),
    );
    const sums = String(await releasedFile("SHA256SUMS"));
    const lines = sums.trim().split("\n");
    expect(lines).toHaveLength(6);
    for (const line of lines) {
      const [sum, name] = line.split("  ");
      const content = await releasedFile(String(name));
      expect(createHash("sha256").update(content).digest("hex")).toBe(sum);
    }
    git("commit", "--quiet", "--all", "--message", "release");
    // By another maintainer, whose files nobody else can read.
    await chmod(join(checkout, "README.md"), 0o600);
    const again = await runNpm(
      "sh",
      ["-c", `umask 077; exec npm run --silent release -- ${VERSION} --repository ${ADDRESS}`],
      checkout,
      join(folder, "home"),
      { CHECKS_LOG: log },
    );
    expect(again).toMatchObject({ exitCode: 0 });
    expect(String(await releasedFile("SHA256SUMS"))).toBe(sums);
  }, 120_000);

  test("fills in where the project is kept, in the packed file alone", async () => {
    const project = join(folder, "project");
    await mkdir(project);
    const tarball = join(checkout, "release", VERSION, `flowlog-guard-${VERSION}.tgz`);
    const installed = await runNpm("npm", ["install", tarball], project, join(folder, "home"));
    expect(installed).toMatchObject({ exitCode: 0, stderr: "" });
    const path = "node_modules/flowlog-guard";
    expect(JSON.parse(await readFile(join(project, path, "package.json"), "utf8"))).toMatchObject({
      version: VERSION,
      homepage: `${ADDRESS}#readme`,
      bugs: `${ADDRESS}/issues`,
      repository: { type: "git", url: `git+${ADDRESS}.git` },
    });
    expect(await readFile(join(checkout, "package.json"), "utf8")).not.toContain(ADDRESS);
    const run = await runNpm(
      "npx",
      ["--no-install", "flowlog-guard", "--version"],
      project,
      join(folder, "home"),
    );
    expect(run).toMatchObject({ exitCode: 0, stdout: `${VERSION}\n` });
    for (const file of ["dist/cli/run.js", "dist/cli/index.js"]) {
      expect(await readFile(join(project, path, file), "utf8")).not.toContain(OWN);
    }
  });

  test("writes an SBOM, valid by CycloneDX' schema, of what is bundled", async () => {
    const text = String(await releasedFile(`flowlog-guard-${VERSION}.cdx.json`));
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
    expect(await validator.validate(text)).toBeNull();
    expect(await validator.validate(text.replace('"MIT"', '"NONE-SUCH"'))).not.toBeNull();
    const { components } = JSON.parse(text) as { components: readonly { purl: string }[] };
    const purls = components.map(({ purl }) => purl.replace(/@[^@]+$/, ""));
    for (const name of ["%40alicloud/fc2", "ali-oss", "commander", "valibot", "iconv-lite"]) {
      expect(purls).toContain(`pkg:npm/${name}`);
    }
    for (const name of ["axios", "esbuild", "vitest", "fflate"]) {
      expect(purls).not.toContain(`pkg:npm/${name}`);
    }
    const licenses = await readFile(
      join(folder, "project/node_modules/flowlog-guard/dist/cli/third-party-licenses.txt"),
      "utf8",
    );
    const titles = components.filter(({ purl }) => {
      const [, name, version] = /^pkg:npm\/(.+)@(.+)$/.exec(purl.replace("%40", "@")) ?? [];
      return licenses.includes(`\n${name} ${version} (`);
    });
    expect(titles.length).toBeGreaterThan(100);
  });

  test.skipIf(!hasPython("zipfile"))("writes zips that other programs read", async () => {
    const path = join(checkout, "release", VERSION, `flowlog-guard-check-${VERSION}.zip`);
    const script = `
import json, sys, zipfile
file = zipfile.ZipFile(sys.stdin.read())
print(json.dumps([file.testzip(), [[i.filename, i.date_time, i.external_attr >> 16] for i in file.infolist()]]))
`;
    const [broken, files] = askPython(script, path) as [unknown, [string, unknown, number][]];
    expect(broken).toBeNull();
    const names = files.map(([name]) => name);
    expect(names).toEqual(names.toSorted());
    expect(names).toEqual(
      expect.arrayContaining([
        "LICENSE",
        "index.js",
        "lazy/ali-oss.js",
        "third-party-licenses.txt",
      ]),
    );
    for (const [, date, mode] of files) {
      expect([date, mode]).toEqual([[1980, 1, 1, 12, 0, 0], 0o100_644]);
    }
  });

  test("the zips hold functions that take their configuration from the environment alone", async () => {
    await using emulator = await startEmulator({
      regions: { "cn-a": { activated: true }, "cn-b": { activated: false } },
    });
    for (const name of ["check", "audit"]) {
      const files = unzipSync(await releasedFile(`flowlog-guard-${name}-${VERSION}.zip`));
      const to = join(folder, name);
      for (const [file, content] of Object.entries(files)) {
        expect(Buffer.from(content).includes(OWN)).toBe(false);
        await mkdir(dirname(join(to, file)), { recursive: true });
        await writeFile(join(to, file), content);
      }
      const env = { ...functionEnv(emulator), FLOWLOG_GUARD_REGIONS: "cn-b" };
      const calls = [{ event: "{}", context: functionContext(emulator) }];
      const [run] = await invokeInTurn<CheckResult | Report>(join(to, "index.js"), calls, env);
      expect(run).toMatchObject({ error: null, result: { summary: { total: 1, compliant: 0 } } });
    }
  });
});
