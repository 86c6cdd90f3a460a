import { PLACEHOLDER } from "../placeholders.ts";

/** A JSON schema, or a part of one. */
export type Form = Readonly<Record<string, unknown>>;

/** What a text must match. */
interface TextForm {
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** A `${` that no name and `}` follow is an error in every text of the file. */
const NO_BROKEN_PLACEHOLDER: Form = { pattern: `\\$\\{(?!${PLACEHOLDER.source.slice(4)})` };

/**
 * The form of a text in the file. One with a `${NAME}` may have any form, because only the environment of a run
 * says what it becomes.
 */
export function textForm(form: TextForm = {}): Form {
  const { pattern, ...others } = form;
  if (pattern === undefined && Object.keys(others).length === 0) {
    return { type: "string", not: NO_BROKEN_PLACEHOLDER };
  }
  if (Object.keys(others).length === 0) {
    return {
      type: "string",
      pattern: `${grouped(String(pattern))}|${PLACEHOLDER.source}`,
      not: NO_BROKEN_PLACEHOLDER,
    };
  }
  return {
    anyOf: [
      { type: "string", ...form, not: NO_BROKEN_PLACEHOLDER },
      { type: "string", pattern: PLACEHOLDER.source, not: NO_BROKEN_PLACEHOLDER },
    ],
  };
}

/** The source of a regular expression as one part of another. */
export function grouped(source: string): string {
  return `(?:${source})`;
}

/** The source of a regular expression that is anchored at both ends, without the anchors. */
export function unanchored({ source }: RegExp): string {
  return grouped(source.replace(/^\^/, "").replace(/\$$/, ""));
}

/** The source of a regular expression of plain letters that ignores their case: JSON Schema has no flags. */
export function anyCase(source: string): string {
  return source.replaceAll(
    /[a-z]/gi,
    (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`,
  );
}

/** A text with commas between entries of a form, and white space around them. */
export function listPattern(entry: string): string {
  return `^\\s*${grouped(entry)}\\s*(?:,\\s*${grouped(entry)}\\s*)*$`;
}
