/** Characters that no XML document can have, not even as a reference such as `&#27;`. */
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  // A reader turns these into spaces in an attribute, and a CR into a LF elsewhere.
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

/** The attributes of an element; one that is undefined is left out. */
export type XmlAttributes = Readonly<Record<string, string | number | undefined>>;

/**
 * Writes an element of XML 1.0.
 *
 * @param content - elements, each on lines of its own; or a text
 * @see https://www.w3.org/TR/xml/#charsets
 */
export function xmlElement(
  name: string,
  attributes: XmlAttributes,
  content: readonly string[] | string = [],
): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value), /[&<>"\t\n\r]/g)}"`);
  const start = `<${name}${written.join("")}`;
  if (content.length === 0) return `${start}/>`;
  const inside =
    typeof content === "string" ? escapeXml(content, /[&<>\r]/g) : `\n${content.join("\n")}\n`;
  return `${start}>${inside}</${name}>`;
}

function escapeXml(text: string, special: RegExp): string {
  return text
    .replaceAll(NOT_XML, "\uFFFD")
    .replaceAll(special, (character) => ENTITIES[character] ?? character);
}
