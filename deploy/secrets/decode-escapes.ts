/** A decoded text, and the position in the line of each of its characters. */
export interface Decoded {
  readonly text: string;
  /** The offset in the line of each UTF-16 code unit and of the end; null for an identical text. */
  readonly offsets: Uint32Array | null;
}

/** Covers the nesting that occurs in practice, such as a URL in a query, in JSON, in a shell argument. */
const MAX_LAYERS = 5;

/** A quote within single quotes of a shell. */
const SHELL_QUOTE = /'\\(?<quote>')'|'"(?<quotes>'+)"'/;
/** A backslash with a character code, or one that escapes the next character. */
const BACKSLASH = new RegExp(
  [
    /\\u\{(?<braced>[0-9a-fA-F]{1,6})\}/,
    /\\u(?<utf16>[0-9a-fA-F]{4})/,
    /\\U(?<utf32>[0-9a-fA-F]{8})/,
    /\\x(?<byte>[0-9a-fA-F]{2})/,
    /\\(?<octal>[0-3][0-7]{2})/,
    /\\(?<escaped>[^])/,
  ]
    .map(({ source }) => source)
    .join("|"),
);
const PERCENT = /%(?<percent>[0-9a-fA-F]{2})/;
/** A character reference of HTML. */
const REFERENCE =
  /&#[xX](?<hex>[0-9a-fA-F]{1,6});|&#(?<decimal>[0-9]{1,7});|&(?<name>[A-Za-z]{2,7});/;
const KINDS = [SHELL_QUOTE, BACKSLASH, PERCENT, REFERENCE].map(({ source }) => source);
const OF_ONE_KIND = KINDS.map((source) => new RegExp(source, "g"));
/** One pass is enough, because each kind begins with a different character. */
const OF_ANY_KIND = new RegExp(KINDS.join("|"), "g");

/** The control characters of letters after a backslash. Other characters stand for themselves. */
const CONTROLS: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  e: "\u001b",
  E: "\u001b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/**
 * Named character references of HTML for ASCII characters.
 *
 * @see https://html.spec.whatwg.org/multipage/named-characters.html
 */
const NAMED: Readonly<Record<string, string>> = {
  Tab: "\t",
  NewLine: "\n",
  nbsp: "\u00a0",
  excl: "!",
  quot: '"',
  QUOT: '"',
  num: "#",
  dollar: "$",
  percnt: "%",
  amp: "&",
  AMP: "&",
  apos: "'",
  lpar: "(",
  rpar: ")",
  ast: "*",
  midast: "*",
  plus: "+",
  comma: ",",
  period: ".",
  sol: "/",
  colon: ":",
  semi: ";",
  lt: "<",
  LT: "<",
  equals: "=",
  gt: ">",
  GT: ">",
  quest: "?",
  commat: "@",
  lsqb: "[",
  lbrack: "[",
  bsol: "\\",
  rsqb: "]",
  rbrack: "]",
  Hat: "^",
  lowbar: "_",
  grave: "`",
  lcub: "{",
  lbrace: "{",
  vert: "|",
  verbar: "|",
  VerLine: "|",
  rcub: "}",
  rbrace: "}",
};

/**
 * Decodes the escapes in a line. The program that wrote the line is unknown, so each kind of escape
 * is tried as the first layer, alone (the others may only look like escapes) and with all others;
 * then escapes of all kinds are decoded, layer by layer, until none is left or `MAX_LAYERS` is reached.
 *
 * A byte that is written as a code becomes the character of that number.
 *
 * @returns the line itself, and each different decoded text
 */
export function decodeLayers(line: string): Decoded[] {
  const layers = new Map<string, Decoded>([[line, { text: line, offsets: null }]]);
  for (const first of [...OF_ONE_KIND, OF_ANY_KIND]) {
    let layer = decode({ text: line, offsets: null }, first);
    for (let depth = 1; layer !== null && !layers.has(layer.text); depth += 1) {
      layers.set(layer.text, layer);
      layer = depth < MAX_LAYERS ? decode(layer, OF_ANY_KIND) : null;
    }
  }
  return [...layers.values()];
}

/** @returns null when the text contains no escape */
function decode({ text, offsets }: Decoded, escapes: RegExp): Decoded | null {
  const pieces: string[] = [];
  /** The position in `text` of each decoded character. Decoding never makes a text longer. */
  const starts = new Uint32Array(text.length + 1);
  let length = 0;
  let done = 0;
  const copyUntil = (end: number): void => {
    if (end > done) pieces.push(text.slice(done, end));
    for (; done < end; done += 1, length += 1) starts[length] = done;
  };
  for (const { index, 0: escape, groups = {} } of text.matchAll(escapes)) {
    const meaning = meaningOf(groups);
    if (meaning === null) continue;
    copyUntil(index);
    pieces.push(meaning);
    starts.fill(index, length, length + meaning.length);
    length += meaning.length;
    done = index + escape.length;
  }
  if (done === 0) return null;
  copyUntil(text.length);
  starts[length] = text.length;
  const own = starts.subarray(0, length + 1);
  return {
    text: pieces.join(""),
    offsets: offsets === null ? own : own.map((start) => offsets[start] ?? 0),
  };
}

/** @returns null for a match that is not an escape */
function meaningOf(groups: Readonly<Record<string, string | undefined>>): string | null {
  const { quote, quotes, escaped, octal, decimal, name } = groups;
  const { braced, utf16, utf32, byte, percent, hex } = groups;
  if (escaped !== undefined) return CONTROLS[escaped] ?? escaped;
  if (name !== undefined) return Object.hasOwn(NAMED, name) ? (NAMED[name] ?? null) : null;
  const sixteen = utf16 ?? percent ?? byte ?? hex ?? braced ?? utf32;
  if (sixteen !== undefined) return characterOf(Number.parseInt(sixteen, 16));
  if (octal !== undefined) return characterOf(Number.parseInt(octal, 8));
  if (decimal !== undefined) return characterOf(Number(decimal));
  return quote ?? quotes ?? null;
}

function characterOf(code: number): string | null {
  return code <= 0x10_ff_ff ? String.fromCodePoint(code) : null;
}
