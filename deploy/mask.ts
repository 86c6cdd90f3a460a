import { stripVTControlCharacters } from "node:util";

import type { Environment } from "../shared/environment.ts";
import { type Decoded, decodeLayers } from "./decode-escapes.ts";
import { formsOf } from "./secret-forms.ts";
import { createFinder, type Span } from "./text-finder.ts";

const MASK = "***";
/** Names under which keys and passwords are kept, Serverless Devs' own and anybody's. */
const SECRET_NAME = /access_?key|secret|token|password|_serverless_devs_key$/i;
const ADDRESS_NAME = /^FLOWLOG_GUARD_(WEBHOOK|HEARTBEAT)_/;

/**
 * Makes what hides secrets in the lines that a tool prints: every value that is one, wherever it
 * stands and however it is escaped or encoded, and whatever stands behind a name that holds one. The
 * latter is for what is deployed already, which a tool shows when it differs from what is new, and
 * which nobody here knows. Values of less than six characters, such as "true" and "unset", stand
 * everywhere; they are hidden by their name only. So is base64 that is broken into lines.
 *
 * @param env - the whole environment
 * @param secretNames - names of variables that hold a secret, beside those that look like it
 */
export function createMask(env: Environment, secretNames: readonly string[]) {
  const isSecret = (name: string): boolean =>
    secretNames.includes(name) || ADDRESS_NAME.test(name) || SECRET_NAME.test(name);
  const find = createFinder(
    Object.entries(env)
      .filter(([name]) => isSecret(name))
      .flatMap(([, value = ""]) => formsOf(value)),
  );
  /** The indentation of a name whose value stands in the lines below it. */
  let blockIndent: number | null = null;

  /** @returns the line as it may be shown, or null for one that holds nothing but a secret */
  return (line: string): string | null => {
    const plain = stripVTControlCharacters(line);
    // What marks a line of a difference stands before the indentation.
    const indent = /^[+-]?\s*/.exec(plain)?.[0].length ?? 0;
    if (blockIndent !== null) {
      if (plain.trim() === "" || indent > blockIndent) return null;
      blockIndent = null;
    }
    const layers = decodeLayers(plain);
    const spans = layers.flatMap((layer) => find(layer.text).map((span) => inLine(span, layer)));
    const secret = firstSecretName(layers, isSecret);
    if (secret !== null) {
      // Its value may stand behind it, however it is written, or in the lines below.
      const behind = secret.rest.replaceAll(/\s+/g, "");
      if (/^["'\\]*[:=]?>?([|>][+-]?\d*)?$/.test(behind)) blockIndent = indent;
      return `${hide(plain, spans, secret.end)}: ${MASK}`;
    }
    return spans.length === 0 ? line : hide(plain, spans, plain.length);
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
  isSecret: (name: string) => boolean,
): SecretName | null {
  let first: SecretName | null = null;
  for (const layer of layers) {
    const found = firstNameIn(layer, isSecret);
    if (found !== null && (first === null || found.end < first.end)) first = found;
  }
  return first;
}

function firstNameIn(layer: Decoded, isSecret: (name: string) => boolean): SecretName | null {
  // First the whole name, then what is behind it: to look ahead from each part of a long text that
  // is no name takes a time of its square.
  for (const { 0: name, index } of layer.text.matchAll(/[A-Za-z_][\w.-]*/g)) {
    const end = index + name.length;
    if (!isSecret(name) || !isAssigned(layer.text, end)) continue;
    return { end: inLine({ start: index, end }, layer).end, rest: layer.text.slice(end) };
  }
  return null;
}

function isAssigned(text: string, end: number): boolean {
  const behind = /["'\\]*\s*[:=,]/y;
  behind.lastIndex = end;
  return behind.test(text);
}
