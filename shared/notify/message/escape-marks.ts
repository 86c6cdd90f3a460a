/** Characters with a meaning in some chat's markdown or tags. Round brackets alone have none. */
const MARKS = /[\\`*_~[\]<>{}#|&!]/g;
/** Characters that make a line a list item or an underline where it begins with them. */
const LEADING = /^(?:[-+=]|\d+[.)])/;

/**
 * Disables markdown in text from outside. The chats have no escape character in common, so each mark
 * is replaced by its full-width form, which looks alike and has no meaning to any of them.
 *
 * @param text - a single line
 * @param spared - marks that are kept
 */
export function escapeMarks(text: string, spared = ""): string {
  return text
    .replaceAll(MARKS, (mark) => (spared.includes(mark) ? mark : twin(mark)))
    .replace(LEADING, (leading) => leading.slice(0, -1) + twin(leading.slice(-1)))
    .replaceAll("://", "：//");
}

/** The full-width form of a character of ASCII. */
function twin(mark: string): string {
  return String.fromCodePoint(mark.charCodeAt(0) + 0xfee0);
}
