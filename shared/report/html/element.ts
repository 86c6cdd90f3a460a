import type { Texts } from "../../audit/rule-card.ts";

/**
 * What an element contains. Text is always text: neither `toMarkup` nor the browser reads tags in
 * it. A text in two languages becomes two elements, of which the page shows one.
 */
export type Content = string | Texts | Element | null | readonly Content[];

/** By name; true for an attribute without a value, null for none. */
export type Attributes = Readonly<Record<string, string | boolean | null>>;

/** An element as plain data, which the program writes as markup and the page's script as nodes. */
export interface Element {
  readonly tag: string;
  readonly attributes: Attributes;
  readonly content: Content;
}

/** An element with attributes and content. */
export function element(tag: string, attributes: Attributes, ...content: Content[]): Element {
  return { tag, attributes, content };
}

/** Whether content is one element. */
export function isElement(content: object): content is Element {
  return "tag" in content;
}

/** Whether content is a list; `Array.isArray` alone does not narrow one that is read-only. */
export function isList(content: Content): content is readonly Content[] {
  return Array.isArray(content);
}

/** The elements of a text in two languages, or the text itself where it is the same in both. */
export function inBothLanguages({ en, zh }: Texts): Content {
  if (en === zh) return en;
  return [element("span", { lang: "en" }, en), element("span", { lang: "zh" }, zh)];
}
