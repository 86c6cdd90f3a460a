import { type Attributes, type Content, inBothLanguages, isElement, isList } from "./element.ts";

/** Elements without content, which have no end tag. */
const VOID_TAGS = ["br", "input"];

/** Writes content as HTML. */
export function toMarkup(content: Content): string {
  if (content === null) return "";
  if (typeof content === "string") return escapeText(content);
  if (isList(content)) return content.map(toMarkup).join("");
  if (!isElement(content)) return toMarkup(inBothLanguages(content));
  const { tag, attributes } = content;
  const start = `<${tag}${attributesMarkup(attributes)}>`;
  return VOID_TAGS.includes(tag) ? start : `${start}${toMarkup(content.content)}</${tag}>`;
}

function attributesMarkup(attributes: Attributes): string {
  return Object.entries(attributes)
    .filter(([, value]) => value !== null && value !== false)
    .map(([name, value]) =>
      value === true ? ` ${name}` : ` ${name}="${escapeText(String(value))}"`,
    )
    .join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/**
 * Escapes text for an element or a quoted attribute. A carriage return, which a parser would change to
 * a line feed, and a lone surrogate, which UTF-8 does not have, are none of the texts of a page.
 */
function escapeText(text: string): string {
  return text.toWellFormed().replaceAll(/[&<>"]/g, (mark) => ENTITIES[mark] ?? mark);
}
