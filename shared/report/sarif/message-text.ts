import { cleanText } from "../../text/clean-text.ts";

/** Far longer than any message of a rule; a text from the cloud may have any length. */
const MAX_BYTES = 4_096;

/** What a reader of SARIF would take for an embedded link: `[text](target)`. */
const LINK = /\[(?=[^\]]*\]\()/g;
/** What it would replace by an argument: `{0}`. */
const PLACEHOLDER = /\{(\d+)\}/g;

/**
 * A text that a reader of SARIF shows as it is: of plain text, a message may contain links and
 * placeholders, which a name from the cloud must not make.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html#_Toc141790712
 */
export function messageText(text: string, maxBytes = MAX_BYTES): string {
  return cleanText(text, maxBytes).replaceAll(LINK, "\\[").replaceAll(PLACEHOLDER, "{{$1}}");
}
