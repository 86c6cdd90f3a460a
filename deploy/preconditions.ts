import { join } from "node:path";

import { ConfigError, RunError } from "../shared/audit/run-error.ts";
import type { ConfigFile } from "../shared/config/layer.ts";
import { errorCode } from "../shared/text/error-code.ts";
import { problemsOfBundles } from "./template/check-bundles.ts";
import { checkTemplate } from "./template/check-template.ts";
import type { TemplateFile } from "./template/template-files.ts";
import type { Template } from "./template/template-schema.ts";
import { checkAccess } from "./tool/access.ts";
import { capture, run, type Shell } from "./tool/shell.ts";

/** The version of Serverless Devs that this deployment is tested with; another one causes a warning. */
const KNOWN_VERSION = "3.1.10";

/** The input of a deployment. */
export interface DeploymentInput {
  /** The file to deploy, and the one that it extends. */
  readonly files: readonly TemplateFile[];
  /** The configuration that the build packs into the functions. */
  readonly configFile: ConfigFile | null;
  /** Value of `--access`. */
  readonly access: string | undefined;
  /** Problems found before. */
  readonly problems: readonly string[];
}

/**
 * Checks everything that can be checked without a build and without a call to the cloud.
 *
 * @returns the template to deploy
 * @throws {@link ConfigError} with all problems
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
 * Builds the bundles and checks that they have the handlers. Serverless Devs builds again when it
 * deploys, but a failure then can come after the first function is deployed.
 *
 * @throws {@link ConfigError} when the build fails, or a bundle is not as the template requires
 */
export async function buildBundles(shell: Shell, template: Template): Promise<void> {
  shell.onLine("deploy: npm run build");
  if ((await run("npm", ["run", "build"], shell)) !== 0) {
    throw new ConfigError(["npm run build failed"]);
  }
  const problems = problemsOfBundles(template, join(shell.cwd, "dist"));
  if (problems.length > 0) throw new ConfigError(problems);
}

/** The alias of the credentials in the template. An invalid one is reported by the template's check. */
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
