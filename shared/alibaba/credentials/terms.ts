import { CredentialsError } from "../../audit/run-error.ts";

/** What a profile, or the environment, says by the names of a profile's fields. */
export type Terms = Readonly<Record<string, unknown>>;

/** A field that holds text; undefined where it is missing or empty. */
export function textOf(terms: Terms, field: string): string | undefined {
  const value = terms[field];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** @throws {@link CredentialsError} when the field is missing or empty */
export function required(terms: Terms, field: string): string {
  const value = textOf(terms, field);
  if (value !== undefined) return value;
  throw new CredentialsError(`${field} is missing or empty.`);
}
