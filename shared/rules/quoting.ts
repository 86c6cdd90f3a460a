/**
 * Quotes a value for a POSIX shell. A plain one stays as it is.
 *
 * @see https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html#tag_18_02_02
 */
export function shellQuoted(value: string): string {
  return /^[\w./:@%+-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

const HCL_ESCAPES: Readonly<Record<string, string>> = {
  "\\": String.raw`\\`,
  '"': String.raw`\"`,
  "\n": String.raw`\n`,
  "\r": String.raw`\r`,
  "\t": String.raw`\t`,
};

/**
 * Writes a text as a literal of Terraform, in which no template is evaluated.
 *
 * @see https://developer.hashicorp.com/terraform/language/expressions/strings
 */
export function hclQuoted(text: string): string {
  const escaped = text
    .replaceAll(/[\\"\n\r\t]/g, (char) => HCL_ESCAPES[char] ?? char)
    .replaceAll(/[$%](?=\{)/g, "$&$&");
  return `"${escaped}"`;
}

/** Makes the name of a block of Terraform from an id. */
export function hclName(id: string): string {
  return id.replaceAll(/[^\w-]/g, "_").replace(/^(?![A-Za-z_])/, "_");
}
