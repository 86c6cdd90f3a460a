import { cleanText } from "../../text/clean-text.ts";

/** Far longer than any message of a rule; a text from the cloud may have any length. */
const MAX_BYTES = 4_096;

/** The middle of an embedded link, `[text](target)`. */
const LINK = /\]\(/;
/** What a reader of SARIF would replace by an argument: `{0}`. */
const PLACEHOLDER = /\{\d+\}/;

/**
 * A text that a reader of SARIF shows as it is: of plain text, a message may contain links and
 * placeholders, which a name from the cloud must not make.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html#_Toc141790712
 */
export function messageText(text: string, maxBytes = MAX_BYTES): string {
  const shown = cleanText(text, maxBytes);
  // All of them: one that is escaped already would otherwise end or begin a link, or a placeholder.
  const unlinked = LINK.test(shown) ? shown.replaceAll(/[\\[\]]/g, String.raw`\$&`) : shown;
  return PLACEHOLDER.test(unlinked) ? unlinked.replaceAll(/[{}]/g, "$&$&") : unlinked;
}
