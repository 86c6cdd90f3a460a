import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterEach, beforeAll, beforeEach, inject } from "vitest";

import { type ProcessResult, runNode } from "../harness/run-process.ts";
import { bundleDeploy } from "./bundle-deploy.ts";
import { type Behaviour, installServerlessDevs } from "./serverless-devs.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export const S_YAML = readFileSync(join(ROOT, "s.yaml"), "utf8");

/** What the real `s info --silent -o json` printed after a good deployment of this `s.yaml`. */
export const RECORDED = readFileSync(join(ROOT, "test/deploy/recorded/s-info.json"), "utf8");

/** The environment when the answer was recorded. */
export const ENV = {
  DEPLOY_REGION: "cn-hangzhou",
  ACCOUNT_ID: "1234567890123456",
  FLOWLOG_GUARD_WEBHOOK_URL: "https://alerts.example.com/hook",
  AccountID: "1234567890123456",
  AccessKeyID: "LTAI5tRecordedKey",
  AccessKeySecret: "key-secret-33dd",
};

/** A successful `s deploy`. */
export const DEPLOYED = { output: "✔ [flowlog-guard-check] completed (0.02s)\n", exitCode: 0 };

/** A project's folder, in which `npm run build` copies the build of these tests. */
export interface DeployProject {
  readonly folder: string;
  /** The only folder on `PATH`, with the stand-in for Serverless Devs. */
  readonly binDir: string;
  /** The deployment program, in one file. */
  readonly program: string;
}

/**
 * Makes a new project for each test of a file.
 *
 * @param scripts - of its package.json, beside `build`
 */
export function useDeployProject(
  scripts: (program: string) => Readonly<Record<string, string>> = () => ({}),
): DeployProject {
  const project = { folder: "", binDir: "", program: "" };
  beforeAll(async () => {
    project.program = await bundleDeploy();
  });
  beforeEach(() => {
    project.folder = mkdtempSync(join(tmpdir(), "flowlog-guard-deploy-"));
    project.binDir = join(project.folder, "bin");
    writeFileSync(join(project.folder, "s.yaml"), S_YAML);
    const build = `cp -r ${inject("dist")} dist`;
    const all = { build, ...scripts(project.program) };
    writeFileSync(join(project.folder, "package.json"), JSON.stringify({ scripts: all }));
  });
  afterEach(() => rmSync(project.folder, { recursive: true }));
  return project;
}

interface DeployOptions {
  readonly env?: Record<string, string>;
  readonly args?: readonly string[];
}

/** Runs the deployment program in a project, with a stand-in for Serverless Devs. */
export async function deployIn(
  { folder, binDir, program }: DeployProject,
  behaviour: Behaviour,
  { env = ENV, args = [] }: DeployOptions = {},
): Promise<ProcessResult & { readonly output: string }> {
  installServerlessDevs(binDir, behaviour);
  const result = await runNode([program, ...args], {
    env: { PATH: binDir, HOME: folder, ...env },
    cwd: folder,
  });
  return { ...result, output: result.stdout + result.stderr };
}
