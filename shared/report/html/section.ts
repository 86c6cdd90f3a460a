import type { Texts } from "../../audit/rule-card.ts";
import { type Content, element } from "./element.ts";

/**
 * A part of a page with a heading; nothing where it has no content.
 *
 * @param id - of the heading, which links lead to
 */
export function section(id: string, heading: Texts, content: Content): Content {
  if (content === null) return null;
  return element(
    "section",
    { "aria-labelledby": id },
    element("h2", { id, tabindex: "-1" }, heading),
    content,
  );
}
