import type { Texts } from "../../../audit/rule-card.ts";
import { toNodes } from "./to-nodes.ts";

/** Lets a screen reader read a text, in the language that the page shows. */
export function announce(text: Texts): void {
  document.querySelector("#announcement")?.replaceChildren(...toNodes(text));
}
