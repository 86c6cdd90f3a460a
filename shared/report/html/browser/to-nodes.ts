import { type Attributes, type Content, inBothLanguages, isElement, isList } from "../element.ts";

/** Makes nodes of content, by which text stays text: no markup is parsed. */
export function toNodes(content: Content): Node[] {
  if (content === null) return [];
  if (typeof content === "string") return [document.createTextNode(content)];
  if (isList(content)) return content.flatMap(toNodes);
  if (!isElement(content)) return toNodes(inBothLanguages(content));
  const node = document.createElement(content.tag);
  setAttributes(node, content.attributes);
  node.append(...toNodes(content.content));
  return [node];
}

function setAttributes(node: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
}
