import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { load, type Mark, YAMLException } from "js-yaml";

import { ConfigError } from "../../shared/audit/run-error.ts";
import { shownPath } from "../../shared/text/shown-path.ts";

/** A template file as it is written, its expressions not filled in. */
export interface TemplateFile {
  /** The path that it was given by. */
  readonly name: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** The file that Serverless Devs reads when none is named. */
const DEFAULT_TEMPLATE = "s.yaml";

/**
 * Reads the file to deploy and, if it extends another file, that one second.
 *
 * @param dir - the project's folder; the files must be in it, because paths in them are relative to it
 * @param name - path of the file to deploy, relative to `dir`
 * @throws {@link ConfigError} when one of them cannot be read
 */
export function readTemplateFiles(dir: string, name: string = DEFAULT_TEMPLATE): TemplateFile[] {
  const file = readTemplateFile(dir, name);
  const base = file.content["extend"];
  if (base === undefined) return [file];
  if (typeof base !== "string") {
    throw new ConfigError([
      `${shownPath(name)}: extend: must be the path of another file, such as ./${DEFAULT_TEMPLATE}`,
    ]);
  }
  const extended = readTemplateFile(dir, base);
  if (extended.content["extend"] !== undefined) {
    throw new ConfigError([
      `${extended.name}: extend: is not supported in a file that another one extends`,
    ]);
  }
  return [file, extended];
}

function readTemplateFile(dir: string, name: string): TemplateFile {
  const shown = shownPath(name);
  const path = resolve(dir, name);
  // Serverless Devs falls back to s.yaml when the file does not exist.
  if (!existsSync(path)) {
    throw new ConfigError([`${shown}: is not there: run this in the project's folder`]);
  }
  if (dirname(path) !== resolve(dir)) {
    throw new ConfigError([`${shown}: must lie in the project's folder, beside package.json`]);
  }
  if (existsSync(join(dir, "env.yaml"))) {
    throw new ConfigError([
      'env.yaml: environments of "s env" are not supported here, since they change what is deployed without a word: use extend',
    ]);
  }
  return { name: shown, content: parseTemplate(shown, readText(path, shown)) };
}

function readText(path: string, shown: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new ConfigError([`${shown}: cannot be read`], { cause: error });
  }
}

/**
 * Parses a template with the YAML parser that Serverless Devs uses.
 *
 * @throws {@link ConfigError} with the line, when it is not YAML or not an object
 * @see https://github.com/nodeca/js-yaml
 */
export function parseTemplate(name: string, text: string): TemplateFile["content"] {
  let content: unknown;
  try {
    content = load(text);
  } catch (error) {
    const { mark }: { mark?: Mark } = error instanceof YAMLException ? error : {};
    const line = mark === undefined ? "" : `, at line ${mark.line + 1}`;
    throw new ConfigError([`${name}: is not YAML that can be read${line}`], { cause: error });
  }
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    throw new ConfigError([`${name}: holds no keys`]);
  }
  return { ...content };
}
