import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "dotenv";

import { ConfigError } from "../../shared/audit/run-error.ts";
import type { Environment } from "../../shared/program/environment.ts";

const CI_PREFIX = /^(GITHUB|GITLAB|JENKINS|PIPELINE|CLOUDSHELL)/;
const CI_NAMES = ["SERVERLESS_CD", "SERVERLESS_DEVS_CICD", "CICD_ENV"];

/** Whether Serverless Devs assumes that it runs in CI when a variable of this name is set. */
export function isCiVariable(name: string): boolean {
  return CI_PREFIX.test(name) || CI_NAMES.includes(name);
}

/** The environment of Serverless Devs, and the values that it would change. */
export interface DeploymentEnvironment {
  readonly env: Environment;
  readonly problems: readonly string[];
}

/**
 * Adds a `.env` file to the environment, read with the parser that Serverless Devs uses.
 *
 * Serverless Devs then expands `$name` in the values repeatedly, also in the value that the
 * environment itself has for a name in the file, which would truncate a webhook address. Such a
 * value is reported as a problem, and so is an unquoted value that ends at a `#`.
 *
 * @param dir - the folder of `s.yaml`
 * @throws {@link ConfigError} when the file cannot be read
 * @see https://github.com/motdotla/dotenv
 */
export function readDeploymentEnvironment(dir: string, env: Environment): DeploymentEnvironment {
  const path = join(dir, ".env");
  if (!existsSync(path)) return { env, problems: [] };
  const text = readText(path);
  const entries = parse(text);
  const problems = Object.entries(entries).flatMap(([name, value]) => {
    const { number, line } = lineOf(name, text);
    const at = `.env: line ${number}: ${name}`;
    if (isCiVariable(name)) {
      return [
        `${at} makes Serverless Devs take itself to run in CI, where it does not print what is to be compared: take the line out`,
      ];
    }
    if (value.includes("\0")) return [`${at} holds a NUL`];
    if (value.includes("$")) {
      return [
        `${at} holds a "$", behind which Serverless Devs puts in the value of another variable: export ${name} in the shell instead`,
      ];
    }
    if (env[name]?.includes("$") === true) {
      return [
        `${at} is also set in the environment, to a value with a "$", in which Serverless Devs would put another one: take the line out`,
      ];
    }
    return isCut(line)
      ? [`${at} ends at a "#", where a comment begins: put the value in quotes`]
      : [];
  });
  return { env: { ...entries, ...env }, problems };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new ConfigError([".env: cannot be read"], { cause: error });
  }
}

/** The line on which a name's value begins: the last one that sets the name. */
function lineOf(name: string, text: string): { readonly number: number; readonly line: string } {
  const lines = text.split(/\r\n?|\n/);
  const index = lines.findLastIndex((line) => {
    const [, found] = /^\s*(?:export\s+)?([\w.-]+)\s*[=:]/.exec(line) ?? [];
    return found === name;
  });
  return { number: index + 1, line: lines[index] ?? "" };
}

/** Whether a line's value is unquoted and contains a `#` that does not follow white space. */
function isCut(line: string): boolean {
  const value = line.slice(line.search(/[=:]/) + 1).trim();
  return /^[^'"`#][^#]*(?<!\s)#/.test(value);
}
