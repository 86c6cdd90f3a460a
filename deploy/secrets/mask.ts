import { stripVTControlCharacters } from "node:util";

import { type Decoded, decodeLayers } from "./decode-escapes.ts";
import { formsOf } from "./secret-forms.ts";
import { isPublicVariable, type Secrets } from "./secrets.ts";
import { createFinder, type Span } from "./text-finder.ts";

const MASK = "***";
/** The key of a function's environment variables, in any output of a tool. */
const VARIABLES = /\benvironmentVariables\b/;
/** What follows that key when the variables are on the lines below it. */
const OPENS_BLOCK = /^["'\\]*\s*[:=]?\s*\{?\s*$/;
/** Begin an operating system command of a terminal, such as a hyperlink. */
const COMMANDS = ["\u001b]", "\u009d"];

/**
 * Makes a function that masks secrets in the lines of one stream, given in order:
 *
 * - every known secret value, at any position, escaped or encoded;
 * - every value after a secret's name. A tool also prints what is deployed already, whose values are
 *   not known here; so of a function's variables only those known to be public are shown.
 *
 * Values of less than six characters, such as "true" and "unset", occur everywhere and are masked by
 * their name only. The same holds for base64 that is split into several lines.
 */
export function createMask({ values, isSecretName }: Secrets) {
  const find = createFinder(values.flatMap(formsOf));
  /** The indentation of a secret's name whose value is on the lines below it. */
  let blockIndent: number | null = null;
  /** The indentation of the key whose variables are on the lines below it. */
  let variablesIndent: number | null = null;

  /** @returns the masked line; null for a line that consists of a secret */
  return (line: string): string | null => {
    const plain = stripVTControlCharacters(line);
    // In a diff, the mark precedes the indentation.
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
      // The value follows on the same line, in any notation, or on the lines below.
      const rest = secret.rest.replaceAll(/\s+/g, "");
      if (/^["'\\]*[:=]?>?([|>][+-]?\d*)?$/.test(rest)) blockIndent = indent;
      return `${hide(plain, spans, secret.end)}: ${MASK}`;
    }
    // The address of a terminal hyperlink is not part of the visible text.
    const isShown = spans.length === 0 && !COMMANDS.some((command) => line.includes(command));
    return isShown ? line : hide(plain, spans, plain.length);
  };
}

/** Maps a part of a decoded layer to its position in the line. */
function inLine({ start, end }: Span, { offsets }: Decoded): Span {
  return offsets === null ? { start, end } : { start: offsets[start] ?? 0, end: offsets[end] ?? 0 };
}

/** The first `length` characters of the line with each span masked. Spans may overlap. */
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
  /** Offset of its end in the line. */
  readonly end: number;
  /** The text after it, in the layer in which it was found. */
  readonly rest: string;
}

/** The first name of a secret that is followed by an assignment, in any layer. */
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
  // If the key is on the same line, the variables begin after it.
  const variablesAt = inVariables ? (VARIABLES.exec(layer.text)?.index ?? 0) : Infinity;
  // Matches the whole name first and then tests what follows: a lookahead at every position of a
  // long text would take quadratic time.
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

/** Separates a name from its value; a comma does so in a logged list of arguments. */
const ASSIGNMENT = /["'\\]*\s*[:=,]/y;
/** The same, except after the scheme of a URL, and in the arrow between an old and a new value. */
const VALUE = /["'\\]*\s*(?::(?!\/\/)|=(?!>))/y;

function follows(pattern: RegExp, text: string, end: number): boolean {
  pattern.lastIndex = end;
  return pattern.test(text);
}
