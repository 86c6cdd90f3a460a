/**
 * Writes a value in the one form that JSON Canonicalization Scheme gives it, so that equal values have
 * equal texts, and equal digests: keys sorted by their UTF-16 code units, no white space.
 *
 * @param value - plain data; keys whose value is undefined are left out
 * @throws {@link RangeError} for a number that is not finite, or a text with a lone surrogate, which the
 *   scheme excludes
 * @see https://www.rfc-editor.org/rfc/rfc8785
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, field]) => `${leaf(key)}:${canonicalJson(field)}`);
    return `{${fields.join(",")}}`;
  }
  return leaf(value);
}

function leaf(value: unknown): string {
  if (typeof value === "string" && !value.isWellFormed()) {
    throw new RangeError("a text has a lone surrogate, which no canonical JSON has");
  }
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new RangeError("a number is not finite, which no canonical JSON has");
  }
  return JSON.stringify(value);
}
