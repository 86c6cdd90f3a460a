import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  type YAMLError,
} from "yaml";

import { ConfigError } from "../audit/run-error.ts";
import type { ConfigFile } from "./layer.ts";
import type { Keys } from "./option.ts";
import { knownKeys } from "./schema.ts";

/** A file that is broken in more places than these has one fault that causes the others. */
const MAX_PROBLEMS = 5;

/**
 * Reads the text of a configuration file, without checking its values. JSON is YAML too.
 *
 * @returns the values, as JSON has them: dates are text, and there are no circular references
 * @throws {@link ConfigError} with the lines of everything that is not YAML
 */
export function readYaml(name: string, text: string): ConfigFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { logLevel: "error", lineCounter: lines, merge: true });
  const faults = [...document.errors, ...document.warnings.filter(isUnknownTag)];
  if (faults.length > 0) throw new ConfigError(problemsOf(name, text, faults, lines));
  try {
    return {
      name,
      values: JSON.parse(JSON.stringify(document.toJS() ?? null)),
      nameAt: (path) => nameAt(name, placeOf(document, path), lines),
    };
  } catch {
    throw new ConfigError([
      `${name}: has aliases (*) that contain themselves, or stand for too much: write the values out`,
    ]);
  }
}

/** The first fault of each line: those after it on the line are its consequences. */
function problemsOf(
  name: string,
  text: string,
  faults: readonly YAMLError[],
  lines: LineCounter,
): string[] {
  const byLine = new Map(
    faults.toReversed().map((fault) => [lines.linePos(fault.pos[0]).line, fault] as const),
  );
  return [...byLine]
    .toSorted(([a], [b]) => a - b)
    .slice(0, MAX_PROBLEMS)
    .map(([line, { code, pos }]) => {
      const at = nameAt(name, pos[0], lines);
      const fault = faultOf(code, text.charAt(pos[0]));
      return `${at}: is not YAML that can be read${whereOn(text, line)}: ${fault}`;
    });
}

/** The key on a line, where it is one of ours. Nothing else of the line: it may be an address or a key. */
function whereOn(text: string, line: number): string {
  const key = /^[\s-]*(?:\{\s*)?["']?([\w-]+)["']?\s*:/.exec(text.split("\n")[line - 1] ?? "")?.[1];
  return key !== undefined && knownKeys().includes(key) ? `, at the key ${key}` : "";
}

function faultOf(code: string, mark: string): string {
  if (mark === "\t" || code === "TAB_AS_INDENT") return "indent with spaces, not with tabs";
  // Marks that YAML gives another meaning.
  if (["*", "!", "&", "@", "`", "%"].includes(mark) && code !== "DUPLICATE_KEY") {
    return `put text that begins with ${mark} in quotes`;
  }
  return FAULTS.get(code) ?? "look for a missing quote, bracket, colon or space here or before";
}

const FAULTS: ReadonlyMap<string, string> = new Map([
  ["DUPLICATE_KEY", "the key stands there twice: keep one of them"],
  ["MULTIPLE_DOCS", "a second document begins here: keep one, without --- or ... between"],
  [
    "BAD_INDENT",
    "indent it as the lines that it belongs to, or close a bracket or quote before it",
  ],
  ["BAD_ALIAS", "put text that begins with * in quotes"],
  ["BAD_DQ_ESCAPE", 'a \\ in "…" begins an escape: write \\\\, or use single quotes'],
  ["MISSING_CHAR", "a quote, bracket, colon or comma is missing here or before"],
  [
    "BLOCK_AS_IMPLICIT_KEY",
    'put a text with ": " in quotes, or move the second key to a line of its own',
  ],
  ["MULTILINE_IMPLICIT_KEY", "a colon is missing after a key here or before"],
  ["KEY_OVER_1024_CHARS", "a colon is missing after a key here or before"],
]);

/** A tag that nobody defines, as in `[!sandbox]`, which leaves an empty text. */
function isUnknownTag({ code }: { readonly code: string }): boolean {
  return code === "TAG_RESOLVE_FAILED";
}

function nameAt(name: string, position: number, lines: LineCounter): string {
  const { line, col } = lines.linePos(position);
  return `${name}:${line}:${col}`;
}

/** Where the key or the entry at a path begins; where there is none, what it would be in. */
function placeOf({ contents }: Document, path: Keys): number {
  let node: unknown = contents;
  let place = startOf(node) ?? 0;
  for (const key of path) {
    if (isNode(node) && !isCollection(node)) break;
    // A key that is not shown is named by its number.
    const number = /^\(key (\d+), not shown\)$/.exec(String(key))?.[1];
    const pair = isMap(node)
      ? node.items.find((item, index) =>
          number === undefined ? keyOf(item.key) === String(key) : index === Number(number) - 1,
        )
      : undefined;
    if (isMap(node) && pair === undefined) break;
    node = isMap(node) ? pair?.value : isCollection(node) ? node.get(key, true) : undefined;
    const next = startOf(pair?.key) ?? startOf(node);
    if (next === undefined) break;
    place = next;
  }
  return place;
}

function keyOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
