import {
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { sha256Of } from "../../shared/report/report-digest.ts";
import { startDeployed } from "../harness/audit-remotely.ts";
import { copyCheckout } from "../harness/copy-checkout.ts";
import { OSS_SEED } from "../harness/emulated-bucket.ts";
import { startEvidenceBucket } from "../harness/evidence-bucket.ts";
import { CLI_CONFIG } from "../harness/home-folder.ts";
import { AUDITOR_ROLE, startMixedCloud } from "../harness/mixed-cloud.ts";
import { otherNode } from "../harness/other-node.ts";
import { cliEnv, emulatorEnv } from "../harness/run-cli.ts";
import { runNpm } from "../harness/run-npm.ts";
import { type ProcessResult, runNode } from "../harness/run-process.ts";
import { startWebhookCatcher } from "../harness/webhook-catcher.ts";

/** In files of the checkout that must not leave it. */
const OWN = "aWebhookOfTheDeveloper";

let folder: string;
let home: string;
let checkout: string;
let project: string;
let tarball: string;
let installed: ProcessResult;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flowlog-guard-package-"));
  [home, checkout, project] = ["home", "checkout", "a project"].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  await Promise.all([home, project].map((path) => mkdir(path)));
  await copyCheckout(checkout);
  const receiver = { type: "webhook", url: `https://hooks.example.invalid/${OWN}` };
  await writeFile(
    join(checkout, "flowlog-guard.yaml"),
    JSON.stringify({ alerts: { receivers: [receiver] } }),
  );
  await writeFile(join(checkout, ".env"), `HOOK=${OWN}\n`);
  tarball = await pack("first");
  installed = await runNpm("npm", ["install", "--foreground-scripts", tarball], project, home);
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

/** Packs the checkout into a folder, and returns the file's path. */
async function pack(name: string): Promise<string> {
  const to = join(folder, name);
  await mkdir(to);
  const { exitCode, stderr } = await runNpm(
    "npm",
    ["pack", "--pack-destination", to],
    checkout,
    home,
  );
  if (exitCode !== 0) throw new Error(stderr);
  const [file = ""] = await readdir(to);
  return join(to, file);
}

async function filesBelow(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** Runs the installed command as a user does. */
async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ProcessResult> {
  return runNpm("npx", ["--no-install", "flowlog-guard", ...args], project, home, env);
}

describe("the packed file", () => {
  test("is below 1 MB, and holds the command line alone", async () => {
    expect((await stat(tarball)).size).toBeLessThan(1_000_000);
    const root = join(project, "node_modules/flowlog-guard");
    const files = (await filesBelow(root)).map((path) => path.slice(root.length + 1));
    const expected =
      /^(?:package\.json|README(?:\.[\w-]+)?\.md|LICENSE|CHANGELOG\.md|dist\/package\.json|dist\/schema\.json|dist\/cli\/(?:index\.js|run\.js|third-party-licenses\.txt|lazy\/.+\.js))$/;
    expect(files.filter((path) => !expected.test(path))).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining([
        "CHANGELOG.md",
        "LICENSE",
        "README.md",
        "dist/cli/index.js",
        "dist/cli/lazy/ali-oss.js",
        "dist/cli/third-party-licenses.txt",
        "dist/package.json",
        "package.json",
      ]),
    );
  });

  test("holds nothing of the developer's own configuration", async () => {
    expect(await readFile(join(checkout, "dist/check/index.js"), "utf8")).toContain(OWN);
    for (const path of await filesBelow(project)) {
      expect(await readFile(path, "latin1")).not.toContain(OWN);
    }
  });

  test("holds the schema of the configuration file that the command prints", async () => {
    const { exitCode, stdout } = await run(["schema"]);
    expect(exitCode).toBe(0);
    const path = join(project, "node_modules/flowlog-guard/dist/schema.json");
    expect(await readFile(path, "utf8")).toBe(stdout);
  });

  test("has the same bytes when it is packed again", async () => {
    const again = await pack("again");
    expect(sha256Of(await readFile(again, "latin1"))).toBe(
      sha256Of(await readFile(tarball, "latin1")),
    );
  });
});

describe("installed without a network", () => {
  test("brings no other package, and runs nothing", async () => {
    expect(installed).toMatchObject({ exitCode: 0, stderr: "" });
    expect(installed.stdout.trim()).toMatch(/^added 1 package in \S+$/);
    const packages = await readdir(join(project, "node_modules"));
    expect(packages.filter((name) => !name.startsWith("."))).toEqual(["flowlog-guard"]);
    const manifest: unknown = JSON.parse(
      await readFile(join(project, "node_modules/flowlog-guard/package.json"), "utf8"),
    );
    expect(manifest).not.toHaveProperty("dependencies");
    expect(manifest).not.toHaveProperty("private");
    for (const name of ["preinstall", "install", "postinstall", "prepare"]) {
      expect(manifest).not.toHaveProperty(`scripts.${name}`);
    }
  });

  test("prints its help, and audits", async () => {
    const help = await run(["--help"]);
    expect(help).toMatchObject({ exitCode: 0, stderr: "" });
    expect(help.stdout).toContain("Usage: flowlog-guard");
    await using emulator = await startMixedCloud();
    const env = {
      ...emulatorEnv(emulator),
      ALIBABA_CLOUD_SECURITY_TOKEN: OSS_SEED.key.securityToken,
    };
    const audit = await run(["audit", "--format", "json"], env);
    expect(audit).toMatchObject({ exitCode: 1 });
    expect(JSON.parse(audit.stdout)).toMatchObject({ summary: { total: 3, compliant: 1 } });
  });

  test("audits through the function", async () => {
    await using emulator = await startMixedCloud();
    await using deployed = await startDeployed(emulator);
    const env = {
      ...emulatorEnv(emulator),
      ALIBABA_CLOUD_SECURITY_TOKEN: OSS_SEED.key.securityToken,
      FLOWLOG_GUARD_FC_ENDPOINT: deployed.origin,
    };
    const args = ["audit", "--remote", "--region", "cn-hangzhou", "--format", "json"];
    const audit = await run(args, env);
    expect(audit).toMatchObject({ exitCode: 1 });
    expect(JSON.parse(audit.stdout)).toMatchObject({ summary: { total: 3, compliant: 1 } });
    expect(deployed.invocations).toHaveLength(1);
  });

  test("keeps state and evidence in OSS, and alerts", async () => {
    await using emulator = await startMixedCloud();
    await using kept = await startEvidenceBucket();
    await using catcher = await startWebhookCatcher();
    const result = await run(["watch", "--once"], {
      ...emulatorEnv(emulator),
      ALIBABA_CLOUD_SECURITY_TOKEN: OSS_SEED.key.securityToken,
      FLOWLOG_GUARD_WEBHOOK_URL: catcher.url,
      FLOWLOG_GUARD_STATE: kept.state,
      FLOWLOG_GUARD_EVIDENCE: kept.evidence,
      FLOWLOG_GUARD_OSS_ENDPOINT: kept.oss.origin,
      DEPLOY_REGION: "cn-hangzhou",
    });
    expect(result).toMatchObject({ exitCode: 0 });
    expect(kept.oss.objects.size).toBeGreaterThan(0);
    expect(kept.vault.objects.size).toBeGreaterThan(0);
    expect(catcher.messages.length).toBeGreaterThan(0);
  });

  test("takes its keys from a profile, for a role", async () => {
    await using emulator = await startMixedCloud();
    const { ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET, ...env } =
      emulatorEnv(emulator);
    await mkdir(join(home, ".aliyun"), { recursive: true });
    const profile = {
      name: "auditor",
      mode: "StsToken",
      access_key_id: ALIBABA_CLOUD_ACCESS_KEY_ID,
      access_key_secret: ALIBABA_CLOUD_ACCESS_KEY_SECRET,
      sts_token: OSS_SEED.key.securityToken,
      region_id: "cn-hangzhou",
    };
    await writeFile(
      join(home, CLI_CONFIG),
      JSON.stringify({ current: "auditor", profiles: [profile] }),
    );
    const audit = await run(["audit", "--profile", "auditor", "--format", "json"], {
      ...env,
      ALIBABA_CLOUD_ROLE_ARN: AUDITOR_ROLE,
    });
    expect(audit).toMatchObject({ exitCode: 1 });
    expect(JSON.parse(audit.stdout)).toMatchObject({ summary: { total: 3, compliant: 1 } });
  });
});

describe("installed in other ways", () => {
  const version = /^\d+\.\d+\.\d+\S*\n$/;

  test("for all projects, without development packages", async () => {
    const prefix = join(folder, "global");
    const args = ["install", "--global", "--omit=dev", "--prefix", prefix, tarball];
    expect(await runNpm("npm", args, folder, home)).toMatchObject({ exitCode: 0, stderr: "" });
    const command = join(prefix, "bin/flowlog-guard");
    expect((await lstat(command)).isSymbolicLink()).toBe(true);
    const { exitCode, stdout } = await runNode([command, "--version"], { env: cliEnv({}) });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(version);
  });

  test("as a link into a store, with a link to the command", async () => {
    const store = join(folder, "store/flowlog-guard@1/node_modules/flowlog-guard");
    await cp(join(project, "node_modules/flowlog-guard"), store, { recursive: true });
    const linked = join(folder, "linked/node_modules");
    await mkdir(join(linked, ".bin"), { recursive: true });
    await symlink(store, join(linked, "flowlog-guard"));
    await symlink("../flowlog-guard/dist/cli/index.js", join(linked, ".bin/flowlog-guard"));
    await using emulator = await startMixedCloud();
    await using deployed = await startDeployed(emulator);
    const env = cliEnv({
      ...emulatorEnv(emulator),
      ALIBABA_CLOUD_SECURITY_TOKEN: OSS_SEED.key.securityToken,
      FLOWLOG_GUARD_FC_ENDPOINT: deployed.origin,
    });
    const args = ["audit", "--remote", "--region", "cn-hangzhou"];
    const command = join(linked, ".bin/flowlog-guard");
    const result = await runNode([command, ...args], { env, cwd: join(folder, "linked") });
    expect(result).toMatchObject({ exitCode: 1, stderr: "" });
  });
});

describe.each([20, 22, 24])("on Node %i, with nothing on stderr", (major) => {
  const own = process.versions.node.startsWith(`${major}.`) ? process.execPath : null;
  const found = own ?? otherNode(major);

  test.skipIf(found === null)("audits here and through the function", async () => {
    await using emulator = await startMixedCloud();
    await using deployed = await startDeployed(emulator);
    const env = cliEnv({
      ...emulatorEnv(emulator),
      ALIBABA_CLOUD_SECURITY_TOKEN: OSS_SEED.key.securityToken,
      FLOWLOG_GUARD_FC_ENDPOINT: deployed.origin,
    });
    const command = join(project, "node_modules/.bin/flowlog-guard");
    for (const [args, exitCode] of [
      [["--help"], 0],
      [["audit"], 1],
      [["audit", "--remote", "--region", "cn-hangzhou"], 1],
    ] as const) {
      const result = await runNode([command, ...args], {
        env,
        cwd: project,
        node: String(found),
      });
      expect(result).toMatchObject({ exitCode, stderr: "" });
    }
  });
});
