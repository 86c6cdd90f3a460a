/** What some chat's markdown, or its tags, would act on. Round brackets alone do nothing. */
const MARKS = /[\\`*_~[\]<>{}#|&!]/g;
/** What makes a line a list or an underline where a line begins with it. */
const LEADING = /^(?:[-+=]|\d+[.)])/;

/**
 * Takes the power from markdown in text from outside. The chats agree on no escape character, so
 * each mark becomes its full-width twin, which looks alike and means nothing to any of them.
 *
 * @param text - a single line
 * @param spared - marks that stay what they are
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
