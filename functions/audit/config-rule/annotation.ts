import { MAX_ANNOTATION_LENGTH } from "../../../shared/audit/compliance-evaluation.ts";
import { cleanText, clipText } from "../../../shared/text/clean-text.ts";

/** Items under a label, such as regions that are not compliant. */
export interface LabelledItems {
  readonly label: string;
  readonly items: readonly string[];
}

/** A text as an annotation: within a line, and cut between characters where it is too long. */
export function annotationOf(text: string): string {
  return clipText(visible(text), MAX_ANNOTATION_LENGTH, ({ length }) => length);
}

/** Without what changes the layout; of any length. */
function visible(text: string): string {
  return cleanText(text, Number.MAX_SAFE_INTEGER);
}

/**
 * An annotation of lists. Where they are too long, each names its first items only, and how many more
 * there are, so that no list hides another.
 *
 * @param lead - begins the text
 */
export function annotationOfLists(lead: string, lists: readonly LabelledItems[]): string {
  const filled = lists
    .filter(({ items }) => items.length > 0)
    .map(({ label, items }) => ({ label, items: items.map(visible) }));
  // No more than that many items fit, however short they are.
  const most = Math.min(MAX_ANNOTATION_LENGTH, Math.max(0, ...filled.map(lengthOf)));
  for (let shown = most; shown > 0; shown -= 1) {
    const text = [lead, ...filled.map((list) => `${beginningOf(list, shown)}.`)].join(" ");
    if (text.length <= MAX_ANNOTATION_LENGTH) return text;
  }
  const counts = filled.map(({ label, items }) => `${label}: ${items.length}.`);
  return annotationOf([lead, ...counts].join(" "));
}

function lengthOf({ items }: LabelledItems): number {
  return items.length;
}

function beginningOf({ label, items }: LabelledItems, count: number): string {
  const more = items.length - count;
  return `${label}: ${items.slice(0, count).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
