import { decodeLayers } from "./decode-escapes.ts";
import { MIN_NEEDLE_LENGTH, type Needle } from "./text-finder.ts";

/** A name of a query's parameter whose value is secret however short it is. */
const SECRET_PARAMETER = /key|secret|sign|token|password/i;
/** In an address, a part of this length with a digit in it is taken for a token. */
const MIN_TOKEN_LENGTH = 12;

/**
 * What to look for so that a secret is found: the value, what is in it (its lines, the texts of an
 * object, the parts of an address), and each of these in the forms that are not taken off as escapes
 * are, which is what `decodeLayers` does with the line.
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

/** The texts of a JSON object, as that of `*_serverless_devs_key`, at any depth. */
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

/** What a log of requests may have of an address; a bare "/" says nothing. */
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
 * The forms in which a text can be below the escapes of a line. Where it has itself what looks like
 * an escape, that is taken off with those of the line.
 */
function textForms(part: string): Needle[] {
  const doubled = [part.replaceAll("'", "''"), part.replaceAll('"', '""')];
  // Bytes that are written as codes are read as the characters of these numbers.
  const plain = [part, ...doubled].flatMap((text) => [text, bytesOf(text).toString("latin1")]);
  const texts = [...plain, ...plain.map((text) => text.replaceAll(" ", "+"))].flatMap((text) =>
    decodeLayers(text).map((layer) => layer.text),
  );
  return [...new Set(texts)].map((text) => ({ text, kind: "text" }));
}

/** The bytes of a text, and of its escaped forms, as hex, as numbers, and within base64. */
function byteForms(part: string): Needle[] {
  const json = JSON.stringify(part).slice(1, -1);
  // As Go writes it.
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
  // Half a surrogate pair, which JSON may hold, cannot be encoded.
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
 * What stands of some bytes in the base64 text of any longer content, in both alphabets: a character
 * has six bits, so that they may begin with the first, the second or the third byte of a group.
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
