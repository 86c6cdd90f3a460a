/**
 * Whether a request prefers HTML to JSON, as a browser does. A program that accepts both alike, or
 * anything, does not.
 *
 * @param accept - the header Accept; empty where it is absent
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-accept
 */
export function prefersHtml(accept: string): boolean {
  const ranges = accept.split(",").map(readRange);
  return qualityOf("text", "html", ranges) > qualityOf("application", "json", ranges);
}

interface MediaRange {
  /** In lower case, without parameters: `text/html`, `text/*`. */
  readonly range: string;
  /** From 0 to 1. */
  readonly quality: number;
}

function readRange(text: string): MediaRange {
  const [range = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => /^q\s*=/.test(parameter));
  return { range, quality: weight === undefined ? 1 : readWeight(weight) };
}

/** A range with a wrong weight is not accepted. */
function readWeight(parameter: string): number {
  const digits = /^q\s*=\s*((?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?))$/.exec(parameter)?.[1];
  return Number(digits ?? 0);
}

/** The quality of a media type: that of the most specific range that includes it; 0 where none does. */
function qualityOf(type: string, subtype: string, ranges: readonly MediaRange[]): number {
  const [found] = [`${type}/${subtype}`, `${type}/*`, "*/*"].flatMap((including) =>
    ranges.filter(({ range }) => range === including),
  );
  return found?.quality ?? 0;
}
