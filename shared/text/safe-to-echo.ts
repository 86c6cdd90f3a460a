/** Too short to be a secret, or to give one away. */
const MAX_SHORT = 3;
/** The longest text that is compared with what is known. */
const MAX_KNOWN = 32;
/** A count or a duration, also one that is out of range. */
const NUMBER = /^-?\d{1,5}(\.\d{1,3})? ?(ms|s|m|h|d)?$/i;
/** Areas that region ids begin with: what follows one is a place, misspelt or not. */
const REGION = /^!?(cn|ap|us|eu|me|na|sa|af|rus)([-_ ]([a-z*]{1,12}|[1-9]\d?)){1,3}$/i;

/**
 * Whether a text that somebody put in a wrong place may be shown to help find it: a number, something
 * like a region's id, or nearly one of the words that are known there. What a person or a generator
 * has chosen for a secret looks like anything else, also when it is short or cut in pieces; where it
 * stands is then all that is said of it.
 *
 * @param known - what could be meant
 */
export function isSafeToEcho(text: string, known: Iterable<string> = []): boolean {
  if (text.length <= MAX_SHORT || NUMBER.test(text) || REGION.test(text)) return true;
  if (text.length > MAX_KNOWN) return false;
  const lowerCase = text.toLowerCase();
  return [...known].some((word) => isNear(lowerCase, word.toLowerCase()));
}

/** One mistake in a short word, two in a longer one. */
function isNear(text: string, word: string): boolean {
  const mistakes = Math.min(text.length, word.length) < 8 ? 1 : 2;
  return Math.abs(text.length - word.length) <= mistakes && distance(text, word) <= mistakes;
}

/** How many characters are to be put in, taken out, replaced, or swapped with their neighbours. */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? 0;
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    rows.push(current);
    for (let column = 1; column <= b.length; column += 1) {
      const differs = a[row - 1] === b[column - 1] ? 0 : 1;
      const isSwap = differs === 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current.push(
        Math.min(
          at(row - 1, column) + 1,
          Number(current[column - 1]) + 1,
          at(row - 1, column - 1) + differs,
          isSwap ? at(row - 2, column - 2) + 1 : Infinity,
        ),
      );
    }
  }
  return at(a.length, b.length);
}

/** Words of one case, with a number after them at most: no generator of secrets makes those. */
const NAME =
  /^([A-Z]?[a-z]{1,12}([A-Z][a-z]{2,12}){0,3}|[A-Z]{1,12})\d{0,4}([-_. ]([A-Z]?[a-z]{1,12}|[A-Z]{1,12}|\d{1,4})\d{0,4}){0,5}$/;

/** Whether a text may be shown as the name of something: of a profile, or a variable. */
export function isName(text: string): boolean {
  return NAME.test(text) && !hasSecretForm(text);
}

/** How keys, tokens and addresses begin, and what stands in them. */
const SECRET_FORMS = [
  /^(whsec_|SEC[0-9a-f]{8}|LTAI|STS\.|CAIS|xox[a-z]-)/i,
  /:\/\/|[?=+@]/,
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-/i,
  // Digits among letters, and long.
  /(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z\d]{16}/,
  /\/(services|hook|robot|webhooks?)\//i,
];

function hasSecretForm(text: string): boolean {
  return SECRET_FORMS.some((form) => form.test(text));
}

/**
 * A file's path for a message. An address or a key that somebody put in its place is not shown: no
 * file is there, so that is what the message is about.
 */
export function shownPath(path: string): string {
  const isPath = (/[./]/.test(path) && !hasSecretForm(path)) || isName(path);
  return isPath ? path : "(value not shown)";
}
