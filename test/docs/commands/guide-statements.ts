import { spawnSync } from "node:child_process";

import { fencedBlocks } from "../../harness/markdown.ts";

/** What the code of a guide makes a reader do. */
export interface GuideSteps {
  /** What a shell runs, in the order of the guide: whole statements, such as a loop. */
  readonly statements: readonly string[];
  /** Files that the guide shows whole, by the name that it gives them. */
  readonly files: ReadonlyMap<string, string>;
}

/** A comment in the first line of a block that is nothing but the name of a file. */
const NAMED = /^# ([\w./-]+\.\w+)\n/;

/**
 * Reads the steps of a guide. A block is a file, and is not run, where its first line is a comment with its
 * name, or where it is a script with an interpreter and the text before it ends with its name and a colon.
 */
export function stepsOf(markdown: string): GuideSteps {
  const files = new Map<string, string>();
  const statements: string[] = [];
  for (const { language, text } of fencedBlocks(markdown)) {
    const before = markdown.slice(0, markdown.indexOf(`\`\`\`${language}\n${text}`));
    const [, named] = NAMED.exec(text) ?? [];
    const [, announced] = /`([\w./-]+)`:\s*$/.exec(before) ?? [];
    if (named !== undefined) files.set(named, text);
    else if (text.startsWith("#!") && announced !== undefined) files.set(announced, text);
    else if (language === "sh") statements.push(...statementsOf(text));
  }
  return { statements, files };
}

/**
 * Divides a script where a shell could stop reading.
 *
 * @throws when its end is not such a place
 */
export function statementsOf(script: string): string[] {
  const statements: string[] = [];
  let lines: string[] = [];
  for (const line of script.trimEnd().split("\n")) {
    lines.push(line);
    const statement = lines.join("\n");
    if (line.endsWith("\\")) continue;
    if (/^\s*(?:#.*)?$/.test(statement)) lines = [];
    else if (spawnSync("bash", ["-n"], { input: `${statement}\n` }).status === 0) {
      statements.push(statement);
      lines = [];
    }
  }
  if (lines.length > 0) throw new Error(`A shell cannot read this: ${lines.join("\n")}`);
  return statements;
}
