import process from "node:process";
import { parseArgs } from "node:util";

import { ConfigError, RunError } from "../shared/audit/run-error.ts";
import { readConfigFile } from "../shared/config/config-file.ts";
import { configFileOf } from "../shared/config/environment.ts";
import { isSafeToEcho } from "../shared/text/safe-to-echo.ts";
import { buildBundles, checkPreconditions } from "./preconditions.ts";
import { describeStates, isAsWanted } from "./read-back/describe-state.ts";
import { type DeployedState, readBack } from "./read-back/read-back.ts";
import { readUploadedChecksums } from "./read-back/uploaded-code.ts";
import { createMask } from "./secrets/mask.ts";
import { secretsOf } from "./secrets/secrets.ts";
import { readTemplateFiles, type TemplateFile } from "./template/template-files.ts";
import type { Template } from "./template/template-schema.ts";
import { type DeploymentEnvironment, readDeploymentEnvironment } from "./tool/dot-env.ts";
import { run, type Shell } from "./tool/shell.ts";
import { openToolLogs, type ToolLogs } from "./tool/tool-logs.ts";

/** The deployment failed, or its result differs from `s.yaml`. */
class DeployError extends RunError {
  override readonly name = "DeployError";
}

const USAGE = `Usage: npm run deploy [-- options]

Checks, builds, deploys the functions by Serverless Devs, and reads back what is deployed.
docs/deploy.md says what it needs.

  -t, --template FILE  what to deploy, instead of s.yaml; it may extend s.yaml
  -a, --access NAME    the credentials of Serverless Devs to use, instead of "default"
      --plan           print what would change, secrets masked; neither build nor change anything
  -h, --help           print this
`;

interface Flags {
  readonly template?: string | undefined;
  readonly access?: string | undefined;
  readonly plan?: boolean | undefined;
}

/** A deployment whose preconditions are checked. */
interface Deployment {
  readonly template: Template;
  readonly shell: Shell;
  /** The flags for every call of Serverless Devs. */
  readonly flags: readonly string[];
  /** The folder of the logs of Serverless Devs. */
  readonly logFolder: string;
}

/** Plans or deploys, and removes the logs of Serverless Devs. */
async function main(flags: Flags, cwd: string): Promise<void> {
  const environment = readDeploymentEnvironment(cwd, process.env);
  using logs = openToolLogs(environment.env, onLine);
  const deployment = await prepare(flags, cwd, environment, logs);
  await (flags.plan === true ? plan(deployment) : deploy(deployment));
}

/** @throws {@link ConfigError} with all problems */
async function prepare(
  { template: file, access }: Flags,
  cwd: string,
  { env, problems }: DeploymentEnvironment,
  logs: ToolLogs,
): Promise<Deployment> {
  const configFile = readConfigFile(configFileOf(env));
  const shellWith = (template: Template | null): Shell => {
    const secrets = secretsOf(env, configFile, template);
    return {
      cwd,
      env: { ...env, ...logs.env },
      onLine,
      createMask: () => createMask(secrets),
      stop: logs.stop,
    };
  };
  const files = filesOf(cwd, file, problems);
  const input = { files, configFile, access, problems };
  const template = await checkPreconditions(shellWith(null), input);
  const flags = [
    ...(file === undefined ? [] : ["-t", file]),
    ...(access === undefined ? [] : ["--access", access]),
  ];
  return { template, shell: shellWith(template), flags, logFolder: logs.folder };
}

function onLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Reads the templates. If one cannot be read, the error includes the problems found before. */
function filesOf(
  cwd: string,
  file: string | undefined,
  problems: readonly string[],
): TemplateFile[] {
  try {
    return readTemplateFiles(cwd, file);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError([...problems, ...error.problems], { cause: error });
  }
}

/**
 * Prints what a deployment would change: the output of `s plan`, and the differences between the
 * deployed functions and `s.yaml`.
 *
 * @throws {@link DeployError} when Serverless Devs fails, or the deployed functions cannot be read
 */
async function plan({ template, shell, flags }: Deployment): Promise<void> {
  onLine("deploy: s plan");
  const exitCode = await run("s", ["plan", ...flags], shell);
  if (exitCode !== 0) {
    throw new DeployError(`s plan failed (exit code ${exitCode}): see what it says above.`);
  }
  onLine("deploy: comparing what is deployed with s.yaml");
  const states = await readBack(template, shell, flags);
  const failed = Object.values(states).some(
    (state) => state.kind === "unreadable" && state.reason !== null,
  );
  if (failed) {
    throw new DeployError(`What is deployed could not be read:\n${describe(states, shell)}`);
  }
  onLine(describe(states, shell));
  onLine("deploy: nothing was built or changed; the code was not compared");
}

/**
 * Deploys, and compares the deployed functions with `s.yaml`.
 *
 * @throws {@link ConfigError} when the build is not as the template requires; nothing is deployed
 * @throws {@link DeployError} when Serverless Devs fails, or the result differs from `s.yaml`
 */
async function deploy({ template, shell, flags, logFolder }: Deployment): Promise<void> {
  await buildBundles(shell, template);

  // Without -y it asks for confirmation; with no terminal it then deploys nothing and exits 0.
  onLine("deploy: s deploy -y");
  const exitCode = await run("s", ["deploy", "-y", ...flags], shell);
  onLine("deploy: reading back what is deployed");
  const keys = Object.keys(template.resources);
  const uploaded = readUploadedChecksums(logFolder, keys);
  const states = await readBack(template, shell, flags, uploaded);
  const lines = describe(states, shell);
  if (exitCode !== 0) {
    throw new DeployError(
      `s deploy failed (exit code ${exitCode}): see what it says above. What is there now:\n${lines}`,
    );
  }
  if (!isAsWanted(states)) {
    throw new DeployError(
      `s deploy said it was done, but what is deployed is not what s.yaml says:\n${lines}`,
    );
  }
  const names = Object.values(template.resources).map(({ props }) => props.functionName);
  if (!keys.every((key) => uploaded[key] !== undefined)) {
    onLine(
      "deploy: the code in the cloud was not compared: Serverless Devs did not log its checksum",
    );
  }
  onLine(
    `deploy: done: ${names.join(" and ")} ${names.length > 1 ? "are" : "is"} deployed as s.yaml says`,
  );
}

/** Masked, because a function deployed by hand can contain a secret in any field. */
function describe(states: DeployedState, shell: Shell): string {
  const mask = shell.createMask();
  return describeStates(states)
    .flatMap((line) => mask(line) ?? [])
    .join("\n");
}

const OPTIONS = {
  template: { type: "string", short: "t" },
  access: { type: "string", short: "a" },
  plan: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** Removes arguments from a message of the parser, because they may be addresses or keys. */
function withoutValues(message: string): string {
  const known = Object.keys(OPTIONS).map((name) => `--${name}`);
  return message.replaceAll(/'([^']*)'/g, (quoted, typed: string) =>
    isSafeToEcho(typed, known) ? quoted : "(value not shown)",
  );
}

try {
  const { values } = parseArgs({
    options: OPTIONS,
  });
  if (values.help === true) process.stdout.write(USAGE);
  else await main(values, process.cwd());
} catch (error) {
  const isUsage = error instanceof TypeError && "code" in error;
  if (!(error instanceof RunError || isUsage)) throw error;
  process.stderr.write(`deploy: ${isUsage ? withoutValues(error.message) : error.message}\n`);
  process.exitCode = 1;
}
