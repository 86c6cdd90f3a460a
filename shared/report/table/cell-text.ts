import { cleanText } from "../../text/clean-text.ts";

/**
 * A text from outside, such as an id or a name, as the table shows it: one line of what can be seen,
 * not cut.
 */
export function cellText(text: string): string {
  return cleanText(text, Infinity);
}
