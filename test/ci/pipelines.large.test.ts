import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

import { load } from "js-yaml";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { type Emulator, startEmulator } from "../emulator/emulator.ts";
import { cliEnv, emulatorEnv } from "../harness/run-cli.ts";
import { runNode } from "../harness/run-process.ts";
import { allEntries, hasGroovy, type PipelineEntry, readJenkinsfile } from "./groovy.ts";
import { packCli, type PackedCli } from "./pack-cli.ts";

const ROLE_ARN = "acs:ram::1000000000000001:role/auditor";
const ID_TOKEN = "eyJhbGciOiJub25lIn0.eyJhdWQiOiJ4In0.c2lnbmF0dXJl-7f";

let folder: string;
let packed: PackedCli;
let emulator: Emulator;
/** The folder of a job. */
let project: string;
/** Where its temporary files go. */
let temp: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "flowlog-guard-pipelines-"));
  packed = packCli(folder);
  emulator = await startEmulator({
    regions: { "cn-a": { activated: true }, "cn-b": { activated: false } },
    roles: { [ROLE_ARN]: { oidcToken: ID_TOKEN } },
  });
});
afterAll(async () => {
  await emulator.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  const job = mkdtempSync(join(folder, "job-"));
  [project, temp] = [join(job, "project"), join(job, "temp")];
  for (const path of [project, temp]) mkdirSync(path);
});

/** The environment of a job, with all that npm installs below its own folder. */
function jobEnv(env: Readonly<Record<string, string>>): Record<string, string> {
  const prefix = join(temp, "npm");
  const path = [join(prefix, "bin"), dirname(process.execPath), process.env["PATH"]];
  return cliEnv({
    ...env,
    HOME: temp,
    TMPDIR: temp,
    PATH: path.join(delimiter),
    npm_config_prefix: prefix,
    npm_config_offline: "true",
    GUARD_PACKAGE: packed.url,
    GUARD_SHA256: packed.sha256,
  });
}

/** What a run leaves: reports that say the same, and nothing of npm's or of the audit's in the project. */
function expectReports(): void {
  const { summary } = JSON.parse(readFileSync(join(project, "flowlog-guard.json"), "utf8"));
  expect(summary).toMatchObject({ total: 2, compliant: 1, nonCompliant: 1 });
  const junit = readFileSync(join(project, "flowlog-guard.xml"), "utf8");
  expect(junit).toContain('failures="1"');
  expect(readFileSync(join(project, "flowlog-guard.html"), "utf8")).toMatch(/^<!doctype html>/i);
}

describe("the pipeline for GitLab", () => {
  const file = new URL("../../deploy/ci/gitlab-ci.yml", import.meta.url);
  const { "flowlog-guard": job } = load(readFileSync(file, "utf8")) as {
    readonly "flowlog-guard": GitlabJob;
  };

  interface GitlabJob {
    readonly variables: Readonly<Record<string, string>>;
    readonly before_script: readonly string[];
    readonly script: readonly string[];
    readonly id_tokens: Readonly<Record<string, unknown>>;
    readonly artifacts: { readonly paths: readonly string[] };
  }

  /** Runs the lines of the job as a runner does, in one bash. */
  async function runJob(env: Readonly<Record<string, string>> = {}) {
    const {
      ALIBABA_CLOUD_ACCESS_KEY_ID: _id,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: _secret,
      ...rest
    } = emulatorEnv(emulator);
    const script = ["set -eo pipefail", ...job.before_script, ...job.script].join("\n");
    const [tokenVariable = ""] = Object.keys(job.id_tokens);
    return runNode(["-c", script], {
      node: "bash",
      cwd: project,
      env: {
        ...jobEnv(rest),
        ALIBABA_CLOUD_ROLE_ARN: ROLE_ARN,
        ALIBABA_CLOUD_OIDC_PROVIDER_ARN: "acs:ram::1000000000000001:oidc-provider/gitlab",
        CI_PROJECT_DIR: project,
        [tokenVariable]: ID_TOKEN,
        ...env,
      },
    });
  }

  test("installs the release, audits with the ID token, and keeps the reports", async () => {
    const { exitCode, stdout, stderr } = await runJob();
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1 });
    expect(stdout).toMatch(/NON_COMPLIANT +cn-b/);
    expect(stdout + stderr).not.toContain(ID_TOKEN);
    expectReports();
    const kept = readdirSync(project).filter((name) => name !== "flowlog-guard.tgz");
    expect(kept.toSorted()).toEqual(job.artifacts.paths.toSorted());
    // The file with the token is gone; what else is there is npm's.
    const texts = readdirSync(temp, { withFileTypes: true }).filter((entry) => entry.isFile());
    expect(texts).toEqual([]);
  });

  test("keeps no file of an earlier job", async () => {
    expect(job.variables["GIT_STRATEGY"]).toBe("empty");
    // Also where that line was removed.
    for (const path of job.artifacts.paths) writeFileSync(join(project, path), "of an earlier job");
    const { exitCode } = await runJob({ GUARD_SHA256: packed.sha256.replace(/^./, "g") });
    expect(exitCode).toBe(1);
    expect(readdirSync(project)).toEqual(["flowlog-guard.tgz"]);
  });

  test("installs nothing with another checksum", async () => {
    const { exitCode } = await runJob({ GUARD_SHA256: packed.sha256.replace(/^./, "g") });
    expect(exitCode).toBe(1);
    expect(existsSync(join(temp, "npm"))).toBe(false);
  });

  test("ends as the audit where it could not run", async () => {
    const { exitCode } = await runJob({ GUARD_ID_TOKEN: "another" });
    expect(exitCode).toBe(3);
    expect(existsSync(join(project, "flowlog-guard.json"))).toBe(false);
  });
});

const why = hasGroovy() ? "" : " (skipped: needs java and Debian's package groovy)";

describe.skipIf(!hasGroovy())(`the pipeline for Jenkins${why}`, () => {
  const text = readFileSync(new URL("../../deploy/ci/Jenkinsfile", import.meta.url), "utf8");
  let entries: PipelineEntry[];
  beforeAll(() => {
    entries = readJenkinsfile(text);
  });

  function entry(name: string): PipelineEntry {
    const found = allEntries(entries).find((each) => each.name === name);
    if (found === undefined) throw new Error(`the pipeline has no ${name}`);
    return found;
  }

  /** The scripts of the pipeline in their order. */
  function scripts(): string[] {
    return allEntries(entries).flatMap(({ name, arguments: [script] = [] }) =>
      name === "sh" ? [String(script)] : [],
    );
  }

  async function runStep(script: string, env: Readonly<Record<string, string>> = {}) {
    // What the step sh runs.
    return runNode(["-xe", "-c", script], {
      node: "sh",
      cwd: project,
      env: { ...jobEnv(emulatorEnv(emulator)), WORKSPACE_TMP: join(temp, "workspace@tmp"), ...env },
    });
  }

  test("is a declarative pipeline", () => {
    expect(entries.map(({ name }) => name)).toEqual(["pipeline"]);
    const sections = ["agent", "triggers", "options", "environment", "stages", "post"];
    expect(entries[0]?.body?.map(({ name }) => name)).toEqual(sections);
    for (const stage of entry("stages").body ?? []) {
      expect([stage.name, stage.body?.map(({ name }) => name)]).toEqual(["stage", ["steps"]]);
    }
    expect(() => readJenkinsfile(text.replace("agent any", "agent any {"))).toThrow("expecting");
  });

  test("binds the keys for the audit alone", () => {
    expect(entry("withCredentials").body).toHaveLength(1);
    expect(entry("withCredentials").arguments).toMatchObject([
      [
        {
          name: "usernamePassword",
          arguments: [
            {
              usernameVariable: "ALIBABA_CLOUD_ACCESS_KEY_ID",
              passwordVariable: "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
            },
          ],
        },
      ],
    ]);
  });

  test("installs the release, audits, and keeps the reports", async () => {
    const [install = "", audit = "", ...others] = scripts();
    expect(others).toEqual([]);
    const installed = await runStep(install);
    expect({ ...installed }).toMatchObject({ exitCode: 0 });
    const { exitCode, stdout, stderr } = await runStep(audit);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1 });
    expect(stdout).toMatch(/NON_COMPLIANT +cn-b/);
    const { ALIBABA_CLOUD_ACCESS_KEY_SECRET: secret = "" } = emulatorEnv(emulator);
    expect(stdout + stderr).not.toContain(secret);
    expectReports();
  });

  test("installs nothing with another checksum", async () => {
    const { exitCode } = await runStep(scripts()[0] ?? "", { GUARD_SHA256: "0".repeat(64) });
    expect(exitCode).toBe(1);
    expect(existsSync(join(temp, "workspace@tmp/flowlog-guard"))).toBe(false);
  });

  test("shows no report of an earlier build", async () => {
    for (const type of ["xml", "html", "json"]) {
      writeFileSync(join(project, `flowlog-guard.${type}`), "of an earlier build");
    }
    const [install = ""] = scripts();
    const { exitCode } = await runStep(install, { GUARD_SHA256: "0".repeat(64) });
    expect(exitCode).toBe(1);
    expect(readdirSync(project)).toEqual([]);
  });
});
