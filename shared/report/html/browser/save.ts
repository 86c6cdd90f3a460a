import { extractJson } from "../embed-json.ts";
import { embeddedText } from "./embedded-text.ts";

/** Lets every button with `data-download` save the JSON of the element that it names, byte by byte. */
export function saveOnClick(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-download]") : null;
    if (!(button instanceof HTMLElement)) return;
    const { download: id = "", name = "" } = button.dataset;
    const json = extractJson(embeddedText(id));
    const url = URL.createObjectURL(new Blob([json], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = name;
    link.click();
    URL.revokeObjectURL(url);
  });
}
