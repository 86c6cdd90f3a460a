import { type Content, element } from "./element.ts";
import { CHECK_DIGEST, COPY, DIGEST_OF, SAVE } from "./words.ts";

/** JSON that a page contains. */
export interface DigestedData {
  /** The id of its element, see `Page.data`. */
  readonly id: string;
  /** Of the JSON in UTF-8, in hex. */
  readonly sha256: string;
  /** What the button saves it as. */
  readonly fileName: string;
}

/**
 * The digest of the JSON that a page contains, a button that saves the JSON, and the command that digests
 * it without the page's script.
 */
export function digestView({ id, sha256, fileName }: DigestedData): Content {
  const command = digestCommand(id);
  return element(
    "div",
    { class: "digest" },
    element("p", {}, DIGEST_OF, " ", element("code", { id: `${id}-sha256` }, sha256)),
    element(
      "p",
      {},
      element("button", { type: "button", "data-download": id, "data-name": fileName }, SAVE),
    ),
    element(
      "details",
      {},
      element("summary", {}, CHECK_DIGEST.summary),
      element("p", {}, CHECK_DIGEST.saved(fileName)),
      element("p", {}, CHECK_DIGEST.command),
      copyable(command),
    ),
  );
}

/**
 * The command that prints the digest of the JSON in a page: the line after its start tag, without the
 * line end, and with `<` in place of its escape. `FILE` stands for the file of the page.
 */
export function digestCommand(id: string): string {
  return `sed -n '/id="${id}">$/{n;p;}' FILE | tr -d '\\n' | perl -pe 's/\\\\(\\\\|u003c)/$1 eq "u003c" ? "<" : $&/ge' | sha256sum`;
}

/** Text to run elsewhere, and a button that copies it. */
export function copyable(text: string): Content {
  return element(
    "div",
    { class: "copyable" },
    element("pre", { tabindex: "0" }, element("code", {}, text)),
    element("button", { type: "button", "data-copy": true }, COPY),
  );
}
