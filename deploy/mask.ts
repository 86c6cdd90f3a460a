import { stripVTControlCharacters } from "node:util";

import { type Decoded, decodeLayers } from "./decode-escapes.ts";
import { formsOf } from "./secret-forms.ts";
import { isPublicVariable, type Secrets } from "./secrets.ts";
import { createFinder, type Span } from "./text-finder.ts";

const MASK = "***";
/** What holds the variables of a function, in whatever a tool prints. */
const VARIABLES = /\benvironmentVariables\b/;
/** Behind such a name, where the variables stand in the lines below it. */
const OPENS_BLOCK = /^["'\\]*\s*[:=]?\s*\{?\s*$/;
/** How a terminal is sent more than colours, such as a link. */
const COMMANDS = ["\u001b]", "\u009d"];

/**
 * Makes what hides secrets in the lines that a tool prints: every value that is one, wherever it
 * stands and however it is escaped or encoded, and whatever stands behind a name that holds one. The
 * latter is for what is deployed already, which a tool shows when it differs from what is new, and
 * which nobody here knows; so of a function's variables only those are shown that hold no secret.
 * Values of less than six characters, such as "true" and "unset", stand everywhere; they are hidden
 * by their name only. So is base64 that is broken into lines.
 */
export function createMask({ values, isSecretName }: Secrets) {
  const find = createFinder(values.flatMap(formsOf));
  /** The indentation of a name whose value stands in the lines below it. */
  let blockIndent: number | null = null;
  /** The indentation of the name below which the variables of a function stand. */
  let variablesIndent: number | null = null;

  /** @returns the line as it may be shown, or null for one that holds nothing but a secret */
  return (line: string): string | null => {
    const plain = stripVTControlCharacters(line);
    // What marks a line of a difference stands before the indentation.
    const indent = /^[+-]?\s*/.exec(plain)?.[0].length ?? 0;
    if (variablesIndent !== null && plain.trim() !== "" && indent <= variablesIndent) {
      variablesIndent = null;
    }
    if (blockIndent !== null) {
      if (plain.trim() === "" || indent > blockIndent) return null;
      blockIndent = null;
    }
    const layers = decodeLayers(plain);
    const spans = layers.flatMap((layer) => find(layer.text).map((span) => inLine(span, layer)));
    const { 0: name, index = 0 } = VARIABLES.exec(plain) ?? {};
    const inVariables = variablesIndent !== null || name !== undefined;
    const secret = firstSecretName(layers, isSecretName, inVariables);
    if (name !== undefined && OPENS_BLOCK.test(plain.slice(index + name.length))) {
      variablesIndent = indent;
    }
    if (secret !== null) {
      // Its value may stand behind it, however it is written, or in the lines below.
      const behind = secret.rest.replaceAll(/\s+/g, "");
      if (/^["'\\]*[:=]?>?([|>][+-]?\d*)?$/.test(behind)) blockIndent = indent;
      return `${hide(plain, spans, secret.end)}: ${MASK}`;
    }
    // A link of a terminal has an address that is not seen in it.
    const isShown = spans.length === 0 && !COMMANDS.some((command) => line.includes(command));
    return isShown ? line : hide(plain, spans, plain.length);
  };
}

/** Where a part of a layer stands in the line. */
function inLine({ start, end }: Span, { offsets }: Decoded): Span {
  return offsets === null ? { start, end } : { start: offsets[start] ?? 0, end: offsets[end] ?? 0 };
}

/** The line up to a length, with a mask for each of the parts, which may overlap. */
function hide(line: string, spans: readonly Span[], length: number): string {
  let shown = "";
  let done = 0;
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    if (start >= length) break;
    if (done === 0 || start > done) shown += `${line.slice(done, start)}${MASK}`;
    done = Math.max(done, end);
  }
  return shown + line.slice(done, Math.max(done, length));
}

interface SecretName {
  /** Where it ends in the line. */
  readonly end: number;
  /** What stands behind it, below the escapes that the name was found below. */
  readonly rest: string;
}

/** The first name of a secret that is followed by what may be its value, in whichever layer it is. */
function firstSecretName(
  layers: readonly Decoded[],
  isSecretName: Secrets["isSecretName"],
  inVariables: boolean,
): SecretName | null {
  let first: SecretName | null = null;
  for (const layer of layers) {
    const found = firstNameIn(layer, isSecretName, inVariables);
    if (found !== null && (first === null || found.end < first.end)) first = found;
  }
  return first;
}

function firstNameIn(
  layer: Decoded,
  isSecretName: Secrets["isSecretName"],
  inVariables: boolean,
): SecretName | null {
  // In one line with them, the variables begin behind their name.
  const variablesAt = inVariables ? (VARIABLES.exec(layer.text)?.index ?? 0) : Infinity;
  // First the whole name, then what is behind it: to look ahead from each part of a long text that
  // is no name takes a time of its square.
  for (const { 0: name, index } of layer.text.matchAll(/[A-Za-z_][\w.-]*/g)) {
    const end = index + name.length;
    const isVariable = index > variablesAt && !isPublicVariable(name);
    const isHidden =
      (isSecretName(name) && follows(ASSIGNMENT, layer.text, end)) ||
      (isVariable && name !== "environmentVariables" && follows(VALUE, layer.text, end));
    if (!isHidden) continue;
    return { end: inLine({ start: index, end }, layer).end, rest: layer.text.slice(end) };
  }
  return null;
}

/** What stands between a name and its value; of a log of arguments also a comma. */
const ASSIGNMENT = /["'\\]*\s*[:=,]/y;
/** The same, but for the scheme of an address, and for the arrow between an old and a new value. */
const VALUE = /["'\\]*\s*(?::(?!\/\/)|=(?!>))/y;

function follows(pattern: RegExp, text: string, end: number): boolean {
  pattern.lastIndex = end;
  return pattern.test(text);
}
