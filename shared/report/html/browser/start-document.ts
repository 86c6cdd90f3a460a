import { copyOnClick } from "./copy.ts";
import { switchLanguages } from "./language.ts";
import { openForPrinting } from "./print.ts";
import { saveOnClick } from "./save.ts";

/** What every page does. */
export function startDocument(): void {
  switchLanguages();
  copyOnClick();
  saveOnClick();
  openForPrinting();
}
