import { readFileSync } from "node:fs";
import { join } from "node:path";

import { ConfigError } from "../shared/audit/run-error.ts";
import type { ConfigFile } from "../shared/config/layer.ts";
import type { Environment } from "../shared/environment.ts";
import { checkTemplate, problemsOfBundles } from "./check-template.ts";
import { capture, run, type Shell } from "./shell.ts";
import type { Template } from "./template-schema.ts";

/** The version of Serverless Devs whose traps are known; another one is worth a warning. */
const KNOWN_VERSION = "3.1.10";

/**
 * Checks everything that can be checked before the cloud is asked, and builds.
 *
 * @returns what is to be deployed
 * @throws {@link ConfigError} with every problem found
 */
export async function checkPreconditions(shell: Shell, file: ConfigFile | null): Promise<Template> {
  const { cwd, env, onLine } = shell;
  const checked = checkTemplate(readTemplate(cwd), env, file);
  const problems = [
    ...checked.problems,
    ...problemsOfAccount(env),
    ...(await problemsOfServerlessDevs(shell)),
  ];
  if (checked.template === null || problems.length > 0) throw new ConfigError(problems);
  for (const warning of checked.warnings) onLine(`deploy: warning: ${warning}`);

  // Serverless Devs builds again when it deploys; but then the first function may be on its way.
  onLine("deploy: npm run build");
  if ((await run("npm", ["run", "build"], shell)) !== 0) {
    throw new ConfigError(["npm run build failed"]);
  }
  const bundleProblems = problemsOfBundles(checked.template, join(cwd, "dist"));
  if (bundleProblems.length > 0) throw new ConfigError(bundleProblems);
  return checked.template;
}

function readTemplate(cwd: string): string {
  try {
    return readFileSync(join(cwd, "s.yaml"), "utf8");
  } catch (error) {
    throw new ConfigError(["s.yaml: cannot be read: run this in the project's folder"], {
      cause: error,
    });
  }
}

/** What Serverless Devs would take without a word. */
function problemsOfAccount(env: Environment): string[] {
  const { ACCOUNT_ID: account, AccountID, AccessKeyID, AccessKeySecret } = env;
  if (!(AccountID && AccessKeyID && AccessKeySecret)) return [];
  const problems: string[] = [];
  if (account !== undefined && account !== AccountID) {
    problems.push("AccountID: is another account than ACCOUNT_ID, whose role the functions get");
  }
  if (AccessKeyID.startsWith("STS.")) {
    problems.push(
      "AccessKeyID: is a temporary key, whose token Serverless Devs would drop: see docs/deploy.md",
    );
  }
  return problems;
}

async function problemsOfServerlessDevs(shell: Shell): Promise<string[]> {
  let output: string;
  try {
    output = (await capture("s", ["-v"], shell)).stdout;
  } catch {
    return [
      `s: Serverless Devs is not installed: npm install --global @serverless-devs/s@${KNOWN_VERSION}`,
    ];
  }
  const version = /@serverless-devs\/s: ([\d.]+)/.exec(output)?.[1];
  if (version === undefined) return ["s: is another program than Serverless Devs"];
  if (version !== KNOWN_VERSION) {
    shell.onLine(`deploy: warning: tried with Serverless Devs ${KNOWN_VERSION}, not ${version}`);
  }
  return [];
}
