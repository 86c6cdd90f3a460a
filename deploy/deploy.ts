import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { parseArgs, parseEnv } from "node:util";

import { RunError } from "../shared/audit/run-error.ts";
import { readConfigFile } from "../shared/config/config-file.ts";
import { configFileOf } from "../shared/config/environment.ts";
import { placeholdersIn } from "../shared/config/placeholders.ts";
import type { Environment } from "../shared/environment.ts";
import { createMask } from "./mask.ts";
import { checkPreconditions } from "./preconditions.ts";
import { differencesOf } from "./read-back.ts";
import { capture, run, type Shell } from "./shell.ts";

/** The deployment failed, or what is deployed is not what `s.yaml` says. */
class DeployError extends RunError {
  override readonly name = "DeployError";
}

const USAGE = `Usage: npm run deploy [-- --access NAME]

Checks, builds, deploys both functions by Serverless Devs, and reads back what is deployed.
docs/deploy.md says what it needs.

  -a, --access NAME  the credentials of Serverless Devs to use, instead of "default"
`;

/**
 * Deploys, and looks whether it happened.
 *
 * @throws `ConfigError` when nothing was deployed because something is missing or wrong
 * @throws {@link DeployError} when Serverless Devs failed, or deployed something else
 */
async function deploy(access: string | undefined, cwd: string): Promise<void> {
  const env = environmentOf(cwd);
  const file = readConfigFile(configFileOf(env));
  const secretNames = placeholdersIn(file?.values);
  const onLine = (line: string): void => void process.stdout.write(`${line}\n`);
  const shell: Shell = { cwd, env, onLine, createMask: () => createMask(env, secretNames) };
  const template = await checkPreconditions(shell, file);
  const flags = access === undefined ? [] : ["--access", access];

  // Without -y and without a terminal it would ask, deploy nothing, and exit 0.
  onLine("deploy: s deploy -y");
  const exitCode = await run("s", ["deploy", "-y", ...flags], shell);
  if (exitCode !== 0) {
    throw new DeployError(`s deploy failed (exit code ${exitCode}): see what it says above.`);
  }

  onLine("deploy: reading back what is deployed");
  const info = await capture("s", ["info", "--silent", "-o", "json", ...flags], shell);
  const differences = differencesOf(template, info.stdout);
  if (info.exitCode !== 0) differences.push(`s info: failed (exit code ${info.exitCode})`);
  if (differences.length > 0) {
    const mask = shell.createMask();
    const list = differences.map((difference) => `\n${mask(`  - ${difference}`)}`).join("");
    throw new DeployError(
      `s deploy said it was done, but what is deployed is not what s.yaml says:${list}`,
    );
  }
  const names = Object.keys(template.resources).join(" and ");
  onLine(`deploy: done: ${names} are deployed as s.yaml says`);
}

/** Serverless Devs reads a `.env` beside `s.yaml`; what is checked must be what it will see. */
function environmentOf(cwd: string): Environment {
  const path = join(cwd, ".env");
  return existsSync(path)
    ? { ...parseEnv(readFileSync(path, "utf8")), ...process.env }
    : process.env;
}

try {
  const { values } = parseArgs({
    options: { access: { type: "string", short: "a" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help === true) process.stdout.write(USAGE);
  else await deploy(values.access, process.cwd());
} catch (error) {
  const isUsage = error instanceof TypeError && "code" in error;
  if (!(error instanceof RunError || isUsage)) throw error;
  process.stderr.write(`deploy: ${error.message}\n`);
  process.exitCode = 1;
}
