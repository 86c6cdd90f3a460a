import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

import type { Report } from "../../../shared/audit/report.ts";
import { IdTokenError, requestIdToken } from "./id-token.ts";
import { type ActionInputs, readInputs, type StepEnvironment } from "./inputs.ts";
import { COULD_NOT_RUN, stepResult } from "./step-result.ts";
import { setOutputs, workflowCommand } from "./workflow-command.ts";

/** What the runner and this step have in their environment, and the audit does not need. */
const NOT_FOR_AUDIT = /^(INPUT_|ACTIONS_|GITHUB_(OUTPUT|ENV|PATH|STATE|TOKEN)$)/;

/** Audits as the inputs of the action say, and returns the exit code of the step. */
async function main(env: StepEnvironment): Promise<number> {
  const { inputs, problems } = readInputs(env);
  const folder = mkdtempSync(join(env["RUNNER_TEMP"] ?? tmpdir(), "flowlog-guard-"));
  const reportPath = join(folder, "report.json");
  const tokenPath = join(folder, "id-token");
  let auditExitCode = COULD_NOT_RUN;
  for (const problem of problems) write("error", problem);
  try {
    if (problems.length === 0) {
      const credentials = writeIdToken(inputs, env, tokenPath);
      const flags = [...inputs.flags, `--output=json:${reportPath}`, "--format=table"];
      auditExitCode = await audit(flags, { ...env, ...credentials });
    }
  } catch (error) {
    if (!(error instanceof IdTokenError)) throw error;
    write("error", error.message);
  } finally {
    rmSync(tokenPath, { force: true });
  }
  const summary = existsSync(reportPath) ? readSummary(reportPath) : null;
  const { exitCode, outputs, warning } = stepResult(auditExitCode, summary, inputs.failOn);
  if (warning !== null) write("warning", warning);
  const written = inputs.files.map(withoutFormat).filter((path) => existsSync(path));
  setOutputs(env["GITHUB_OUTPUT"], {
    ...outputs,
    report: summary === null ? "" : reportPath,
    files: summary === null ? "" : written.join("\n"),
  });
  return exitCode;
}

/** Gets the ID token into a file that only this user can read, and says where it is. */
function writeIdToken(
  { federation }: ActionInputs,
  env: StepEnvironment,
  path: string,
): Record<string, string> {
  if (federation === null) return {};
  const token = requestIdToken(env, federation.audience);
  write("add-mask", token);
  writeFileSync(path, token, { mode: 0o600, flag: "wx" });
  return {
    ALIBABA_CLOUD_ROLE_ARN: federation.roleArn,
    ALIBABA_CLOUD_OIDC_PROVIDER_ARN: federation.providerArn,
    ALIBABA_CLOUD_OIDC_TOKEN_FILE: path,
  };
}

/** Runs the built command line. The runner takes nothing that it prints for a command. */
async function audit(flags: readonly string[], env: StepEnvironment): Promise<number> {
  const program = join(String(env["GITHUB_ACTION_PATH"]), "dist/cli/index.js");
  const kept = Object.entries(env).filter(([name]) => !NOT_FOR_AUDIT.test(name));
  const resume = randomUUID();
  write("stop-commands", resume);
  try {
    const child = spawn(process.execPath, [program, "audit", ...flags], {
      env: Object.fromEntries(kept),
      stdio: ["ignore", "inherit", "inherit"],
    });
    // A cancelled job: the audit stops, and then the token is removed.
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.on(signal, () => child.kill(signal));
    }
    return await new Promise<number>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) =>
        resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
      );
    });
  } finally {
    write(resume, "");
  }
}

function readSummary(path: string): Report["summary"] {
  const report: Report = JSON.parse(readFileSync(path, "utf8"));
  return report.summary;
}

/** The path of `format:path`. */
function withoutFormat(file: string): string {
  return file.replace(/^[a-z]+:/, "");
}

function write(command: string, value: string): void {
  process.stdout.write(workflowCommand(command, value));
}

process.exitCode = await main(process.env);
