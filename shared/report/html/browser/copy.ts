import { COPIED, COPY, SELECTED } from "../words.ts";
import { announce } from "./announce.ts";
import { toNodes } from "./to-nodes.ts";

/** How long a button says what it did, in milliseconds. */
const SHOWN_MS = 2_000;

/** Lets every button with `data-copy` copy the text beside it, also where the page is a local file. */
export function copyOnClick(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-copy]") : null;
    const source = button?.parentElement?.querySelector("pre") ?? null;
    if (button === null || source === null) return;
    void copyFrom(source, button);
  });
}

async function copyFrom(source: Element, button: Element): Promise<void> {
  const outcome = (await copy(source)) ? COPIED : SELECTED;
  announce(outcome);
  button.replaceChildren(...toNodes(outcome));
  setTimeout(() => button.replaceChildren(...toNodes(COPY)), SHOWN_MS);
}

/** @returns false where the browser refuses; then the text is selected, for the reader to copy */
async function copy(source: Element): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(source.textContent);
    return true;
  } catch {
    // A page that came by plain HTTP has no clipboard.
    getSelection()?.selectAllChildren(source);
    return document.execCommand("copy");
  }
}
