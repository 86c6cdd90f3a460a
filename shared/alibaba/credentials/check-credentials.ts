import { CredentialsError } from "../../audit/run-error.ts";
import type { Credentials } from "../../service/credentials.ts";

/**
 * Checks that credentials consist of printable ASCII. With others, such as a pasted line end, every
 * request would fail with a misleading error.
 *
 * @returns the credentials, without other fields
 * @throws {@link CredentialsError} when a part contains white space or other characters
 */
export function checkCredentials({
  accessKeyId,
  accessKeySecret,
  securityToken,
}: Credentials): Credentials {
  for (const [name, value = ""] of [
    ["access key id", accessKeyId],
    ["access key secret", accessKeySecret],
    ["security token", securityToken],
  ] as const) {
    if (/[^\x21-\x7e]/.test(value)) {
      throw new CredentialsError(
        `The ${name} holds white space or other characters that no key has. Set it again, without a line end or quotes.`,
      );
    }
  }
  return { accessKeyId, accessKeySecret, securityToken };
}
