import { CredentialsError } from "../../audit/run-error.ts";

/** The fields of a profile. The environment's settings for a role use the same names. */
export type ProfileFields = Readonly<Record<string, unknown>>;

/** The text in a field; undefined if it is missing or empty. */
export function textField(fields: ProfileFields, field: string): string | undefined {
  const value = fields[field];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/**
 * The text in a field.
 *
 * @throws {@link CredentialsError} when it is missing or empty
 */
export function requiredField(fields: ProfileFields, field: string): string {
  const value = textField(fields, field);
  if (value !== undefined) return value;
  throw new CredentialsError(`${field} is missing or empty.`);
}
