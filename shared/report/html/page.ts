import { createHash } from "node:crypto";

import type { Texts } from "../../audit/rule-card.ts";
import { type Content, element } from "./element.ts";
import { embedJson } from "./embed-json.ts";
import { PAGE_SCRIPTS, PAGE_STYLE } from "./page-assets.ts";
import { printedMargins, type PrintedMargins } from "./printed-margins.ts";
import { toMarkup } from "./to-markup.ts";
import { LANGUAGE } from "./words.ts";

/** The content of a page. */
export interface Page {
  /** In the browser's tab, and the name of a file that is printed. */
  readonly title: Texts;
  /** The line at the top of the page: what made it. */
  readonly product: Content;
  /** What `main` contains; begins with the only `h1`. */
  readonly main: Content;
  /** On every printed page. */
  readonly margins: PrintedMargins;
  /**
   * JSON by the id of its element, for `document.getElementById(id).textContent`. A button with
   * `data-download="ID"` saves it, see `digestView`.
   */
  readonly data: Readonly<Record<string, string>>;
  /**
   * `document`: the language switch, buttons that copy and save, and printing with all parts open.
   * `report`: these, and the findings of a report.
   *
   * @default "document"
   */
  readonly script?: keyof typeof PAGE_SCRIPTS;
  /** The language that is shown first. @default the one that the browser prefers; without a script, English */
  readonly language?: keyof Texts | undefined;
}

/**
 * Writes a page that consists of one file: the browser requests nothing, runs no other script and
 * applies no other style than the page's own, whatever is in its data.
 *
 * Both languages are in the markup, and the style hides one: a switch works without a script too. The
 * script chooses the language that the browser prefers, unless the page has a first one.
 *
 * @returns HTML that ends with a line end
 * @see https://www.w3.org/TR/CSP3/
 */
export function renderPage({
  title,
  product,
  main,
  margins,
  data,
  script = "document",
  language,
}: Page): string {
  const style = PAGE_STYLE + printedMargins(margins);
  const code = PAGE_SCRIPTS[script];
  const policy = [
    "default-src 'none'",
    `script-src '${integrityOf(code)}'`,
    `style-src '${integrityOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
    // The script creates nodes and never parses markup; the browser holds it to that.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
  const header = element(
    "header",
    {},
    element("p", { class: "product" }, product),
    languageSwitch(language ?? "en"),
  );
  return [
    "<!doctype html>",
    // The switch sets the language in use; each text says its own.
    language === undefined
      ? '<html lang="en">'
      : `<html lang="${language === "zh" ? "zh-Hans" : "en"}" data-language="${language}">`,
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    toMarkup(
      element("title", { "data-en": title.en, "data-zh": title.zh }, title[language ?? "en"]),
    ),
    `<style>${style}</style>`,
    toMarkup([header, element("main", {}, main), ANNOUNCEMENT]),
    // Each on a line of its own, so that a line is the JSON.
    ...Object.entries(data).map(
      ([id, json]) => `<script type="application/json" id="${id}">\n${embedJson(json)}\n</script>`,
    ),
    `<script>${code}</script>`,
    "</html>\n",
  ].join("\n");
}

/** What the script says to a screen reader. */
const ANNOUNCEMENT = element("p", { id: "announcement", class: "unseen", role: "status" });

/** The hash of an inline script or style, as a source of a content security policy. */
function integrityOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function languageSwitch(first: keyof Texts): Content {
  const choices = [
    ["en", "English"],
    ["zh", "中文"],
  ] as const;
  return element(
    "fieldset",
    { class: "languages" },
    element("legend", { class: "unseen" }, LANGUAGE),
    choices.map(([language, name]) =>
      element(
        "label",
        { lang: language },
        element("input", {
          type: "radio",
          name: "language",
          id: `language-${language}`,
          value: language,
          checked: language === first,
        }),
        name,
      ),
    ),
  );
}
