/** A text to search for. */
export interface Needle {
  readonly text: string;
  /**
   * `"base64"` for a part of a longer base64 text: the adjacent characters contain some of its bits.
   */
  readonly kind: "text" | "base64";
}

/** A range of offsets; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The minimum length of a needle, in UTF-16 code units. */
export const MIN_NEEDLE_LENGTH = 6;
/** Entries of the table of needle beginnings; large enough to be sparse. */
const TABLE_SIZE = 1 << 16;

/**
 * Makes a function that finds all occurrences of many needles in one pass over a text.
 *
 * @param needles - each at least {@link MIN_NEEDLE_LENGTH} long
 */
export function createFinder(needles: readonly Needle[]): (text: string) => Span[] {
  const table = new Uint8Array(TABLE_SIZE);
  const byBeginning = new Map<string, Needle[]>();
  for (const needle of needles) {
    table[hashAt(needle.text, 0)] = 1;
    const beginning = needle.text.slice(0, MIN_NEEDLE_LENGTH);
    const others = byBeginning.get(beginning);
    if (others === undefined) byBeginning.set(beginning, [needle]);
    else others.push(needle);
  }
  return (text) => {
    const spans: Span[] = [];
    const last = text.length - MIN_NEEDLE_LENGTH;
    for (let start = 0; start <= last; start += 1) {
      if (table[hashAt(text, start)] === 0) continue;
      const candidates = byBeginning.get(text.slice(start, start + MIN_NEEDLE_LENGTH)) ?? [];
      for (const needle of candidates) {
        if (text.startsWith(needle.text, start)) spans.push(spanOf(needle, text, start));
      }
    }
    return spans;
  };
}

/** Hashes three characters of a text to an index of the table. */
function hashAt(text: string, index: number): number {
  const [a, b, c] = [
    text.charCodeAt(index),
    text.charCodeAt(index + 1),
    text.charCodeAt(index + 2),
  ];
  return (a * 31 * 31 + b * 31 + c) & (TABLE_SIZE - 1);
}

function spanOf({ text: needle, kind }: Needle, text: string, start: number): Span {
  const end = start + needle.length;
  if (kind === "text") return { start, end };
  const isBase64 = (index: number): boolean => /^[A-Za-z0-9+/_-]$/.test(text.charAt(index));
  let last = isBase64(end) ? end + 1 : end;
  while (last < end + 3 && text.charAt(last) === "=") last += 1;
  return { start: isBase64(start - 1) ? start - 1 : start, end: last };
}
