/** A text, and where in the line each of its characters comes from. */
export interface Decoded {
  readonly text: string;
  /** The offset in the line of each UTF-16 code unit, and of the end; null where it is the same. */
  readonly offsets: Uint32Array | null;
}

/** As deep as escapes are nested in practice: a URL in a query, in JSON, in a shell's argument. */
const MAX_LAYERS = 5;

/** A quote between a shell's single quotes. */
const SHELL_QUOTE = /'\\(?<quote>')'|'"(?<quotes>'+)"'/;
/** A backslash with a code, or before the character whose meaning it takes. */
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
/** Each kind begins in its own way, so that a text is read once. */
const OF_ANY_KIND = new RegExp(KINDS.join("|"), "g");

/** What a letter behind a backslash stands for; any other character stands for itself. */
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
 * The ASCII characters that HTML has names for.
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
 * Takes escapes off. Which program wrote the line is not known, so all is tried that makes a
 * difference: first those of one kind, in case something else only looks like an escape, or those of
 * any kind; then those of any kind, layer by layer, until none is left or there are too many layers.
 *
 * A byte that is written as a code becomes the character of that number.
 *
 * @returns the line itself, and each other text that comes of it
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

/** @returns null where there is no escape */
function decode({ text, offsets }: Decoded, escapes: RegExp): Decoded | null {
  const pieces: string[] = [];
  /** Where each decoded character is in `text`; no text grows when its escapes are taken off. */
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

/** @returns null for what only looks like an escape */
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
