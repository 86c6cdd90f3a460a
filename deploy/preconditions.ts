import { join } from "node:path";

import { ConfigError, RunError } from "../shared/audit/run-error.ts";
import type { ConfigFile } from "../shared/config/layer.ts";
import { checkAccess } from "./access.ts";
import { problemsOfBundles } from "./check-bundles.ts";
import { checkTemplate } from "./check-template.ts";
import { capture, run, type Shell } from "./shell.ts";
import type { TemplateFile } from "./template-files.ts";
import type { Template } from "./template-schema.ts";
import { errorCode } from "../shared/text/error-code.ts";

/** The version of Serverless Devs whose traps are known; another one is worth a warning. */
const KNOWN_VERSION = "3.1.10";

/** What a deployment is made of. */
export interface DeploymentInput {
  /** The file to deploy, and the one that it extends. */
  readonly files: readonly TemplateFile[];
  /** The configuration that the build packs into the functions. */
  readonly configFile: ConfigFile | null;
  /** What `--access` says. */
  readonly access: string | undefined;
  /** What is wrong already. */
  readonly problems: readonly string[];
}

/**
 * Checks everything that can be checked before anything is built and the cloud is asked.
 *
 * @returns what is to be deployed
 * @throws {@link ConfigError} with every problem found
 */
export async function checkPreconditions(shell: Shell, input: DeploymentInput): Promise<Template> {
  const { env, onLine } = shell;
  const { template, ...checked } = checkTemplate(input.files, env, input.configFile);
  const alias = input.access ?? accessOf(input.files);
  const access = checkAccess(alias, input.access !== undefined, env);
  const problems = [
    ...input.problems,
    ...checked.problems,
    ...access.problems,
    ...(await problemsOfServerlessDevs(shell)),
  ];
  if (template === null || problems.length > 0) throw new ConfigError(problems);
  for (const warning of [...checked.warnings, ...access.warnings]) {
    onLine(`deploy: warning: ${warning}`);
  }
  return template;
}

/**
 * Builds, and looks whether the bundles have the handlers. Serverless Devs builds again when it
 * deploys; but then the first function may be on its way.
 *
 * @throws {@link ConfigError} when the build fails, or its result is not what is to be deployed
 */
export async function buildBundles(shell: Shell, template: Template): Promise<void> {
  shell.onLine("deploy: npm run build");
  if ((await run("npm", ["run", "build"], shell)) !== 0) {
    throw new ConfigError(["npm run build failed"]);
  }
  const problems = problemsOfBundles(template, join(shell.cwd, "dist"));
  if (problems.length > 0) throw new ConfigError(problems);
}

/** A wrong `access` is a problem of the template. */
function accessOf(files: readonly TemplateFile[]): string {
  const access = files.find(({ content }) => content["access"] !== undefined)?.content["access"];
  return typeof access === "string" ? access : "default";
}

async function problemsOfServerlessDevs(shell: Shell): Promise<string[]> {
  let output: string;
  try {
    output = (await capture("s", ["-v"], shell)).stdout.trim();
  } catch (error) {
    if (error instanceof RunError) throw error;
    const code = errorCode(error) ?? "unknown error";
    return code === "ENOENT"
      ? [
          `s: Serverless Devs is not installed: npm install --global @serverless-devs/s@${KNOWN_VERSION}`,
        ]
      : [`s: Serverless Devs cannot be run (${code})`];
  }
  const version = /^(?:@serverless-devs\/s: )?(\d+\.\d+\.\d+)/m.exec(output)?.[1];
  if (version === undefined && output !== "") return ["s: is another program than Serverless Devs"];
  if (version !== KNOWN_VERSION) {
    shell.onLine(
      `deploy: warning: tried with Serverless Devs ${KNOWN_VERSION}, not ${version ?? "one that does not say its version"}`,
    );
  }
  return [];
}
