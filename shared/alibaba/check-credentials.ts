import { CredentialsError } from "../audit/run-error.ts";
import type { Credentials } from "../service/credentials.ts";

/**
 * Makes sure that credentials can be sent at all: a line end that was pasted along would fail every
 * request in a way that looks like an answer.
 *
 * @throws {@link CredentialsError} when a part holds white space or anything but ASCII
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
