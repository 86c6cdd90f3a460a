import { decodeLayers } from "./decode-escapes.ts";
import { MIN_NEEDLE_LENGTH, type Needle } from "./text-finder.ts";

/** Query parameters whose values are secret whatever their length. */
const SECRET_PARAMETER = /key|secret|sign|token|password/i;
/** A part of a URL of at least this length that contains a digit is treated as a token. */
const MIN_TOKEN_LENGTH = 12;

/**
 * The texts to search for in order to find a secret: the value, its components (lines, the texts of
 * a JSON object, the parts of a URL), and each of these in the encodings that `decodeLayers` does not
 * decode in the line.
 */
export function formsOf(value: string): Needle[] {
  const parts = new Set(
    [value, ...linesIn(value), ...textsIn(value)].flatMap((part) => [part, ...partsOfUrl(part)]),
  );
  return [...parts]
    .filter((part) => part.length >= MIN_NEEDLE_LENGTH)
    .flatMap((part) => [...textForms(part), ...byteForms(part)])
    .filter(({ text }) => text.length >= MIN_NEEDLE_LENGTH);
}

function linesIn(value: string): string[] {
  return value.split(/[\r\n]+/).map((line) => line.trim());
}

/** The texts in a JSON object at any depth, such as that of `*_serverless_devs_key`. */
function textsIn(value: string): string[] {
  try {
    return textsBelow("", JSON.parse(value));
  } catch {
    return [];
  }
}

function textsBelow(name: string, value: unknown): string[] {
  if (typeof value === "string") return name === "AccountID" ? [] : [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([below, entry]) => textsBelow(below, entry));
}

/** The parts of a URL that a log of requests may contain. */
function partsOfUrl(text: string): string[] {
  if (!URL.canParse(text)) return [];
  const { href, pathname, search, hash, username, password, searchParams } = new URL(text);
  const segments = pathname.split("/").filter(isLikeToken);
  const parameters = [...searchParams].flatMap(([name, value]) =>
    SECRET_PARAMETER.test(name) || isLikeToken(value) ? [value] : [],
  );
  return [
    href,
    `${pathname}${search}`,
    pathname,
    pathname.slice(1),
    search.slice(1),
    hash.slice(1),
    username,
    password,
    `${decode(username)}:${decode(password)}`,
    ...segments,
    ...parameters,
  ];
}

function isLikeToken(text: string): boolean {
  return text.length >= MIN_TOKEN_LENGTH && /\d/.test(text);
}

function decode(text: string): string {
  return decodeLayers(text).at(1)?.text ?? text;
}

/**
 * The forms that a text can have after the escapes of a line are decoded. What looks like an escape
 * in the text itself is decoded with them.
 */
function textForms(part: string): Needle[] {
  const doubled = [part.replaceAll("'", "''"), part.replaceAll('"', '""')];
  // Escaped bytes are decoded to the characters of the same numbers (Latin-1).
  const plain = [part, ...doubled].flatMap((text) => [text, bytesOf(text).toString("latin1")]);
  const texts = [...plain, ...plain.map((text) => text.replaceAll(" ", "+"))].flatMap((text) =>
    decodeLayers(text).map((layer) => layer.text),
  );
  return [...new Set(texts)].map((text) => ({ text, kind: "text" }));
}

/** The bytes of a text and of its escaped forms, in hexadecimal, in decimal, and in base64. */
function byteForms(part: string): Needle[] {
  const json = JSON.stringify(part).slice(1, -1);
  // Go's encoder also escapes these characters.
  const go = json.replaceAll(/[&<>]/g, (mark) => `\\u00${mark.charCodeAt(0).toString(16)}`);
  const escaped = new Set([part, json, go, percentEncoded(part)]);
  return [...escaped]
    .map(bytesOf)
    .flatMap((bytes) => [
      ...numbersOf(bytes).map((text) => ({ text, kind: "text" }) as const),
      ...base64Of(bytes).map((text) => ({ text, kind: "base64" }) as const),
    ]);
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, "utf8");
}

function percentEncoded(text: string): string {
  // A lone surrogate, which JSON can contain, cannot be percent-encoded.
  return encodeURIComponent(bytesOf(text).toString("utf8"));
}

function numbersOf(bytes: Buffer): string[] {
  const hex = bytes.toString("hex");
  const pairs = hex.match(/../g) ?? [];
  const joined = [hex, pairs.join(" "), pairs.join(":"), pairs.join("-")];
  const decimal = bytes.join(",");
  return [
    ...joined,
    ...joined.map((text) => text.toUpperCase()),
    decimal,
    decimal.replaceAll(",", ", "),
  ];
}

/**
 * The base64 characters that represent some bytes within any longer content, in both alphabets. A
 * group of four characters encodes three bytes, so there are three possible alignments.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4648#section-4
 */
function base64Of(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const known = [Math.ceil((before * 8) / 6), Math.floor((padded.length * 8) / 6)] as const;
    return [
      padded.toString("base64").slice(...known),
      padded.toString("base64url").slice(...known),
    ];
  });
}
