import Credential from "@alicloud/credentials";

import { CredentialsError } from "../audit/run-error.ts";
import type { Credentials } from "../credentials.ts";
import type { Environment } from "../environment.ts";
import { startTimeBudget } from "../time-budget.ts";
import { observeExchange } from "../observe-exchange.ts";

const [ID_VARIABLE, SECRET_VARIABLE] = [
  "ALIBABA_CLOUD_ACCESS_KEY_ID",
  "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
] as const;

/** Enough for the metadata service's two time-outs of a second, and too short to seem to hang. */
const RESOLVE_TIMEOUT_MS = 4_000;

/**
 * Walks the default chain of `@alicloud/credentials` once, before anything runs side by side: the
 * chain is not safe under concurrency.
 *
 * @param env - in which half a pair is looked for; the chain itself reads `process.env`
 * @throws {@link CredentialsError} when nothing in the chain gives credentials within 4 s. It has
 * no cause: the chain's messages quote the files and answers that it could not read.
 * @see https://www.alibabacloud.com/help/en/sdk/developer-reference/v2-manage-node-js-access-credentials
 */
export async function resolveCredentials(env: Environment): Promise<Credentials> {
  assertNotHalfSet(env);
  const budget = startTimeBudget(RESOLVE_TIMEOUT_MS, "TIMEOUT");
  const { result } = observeExchange(budget.signal, () => new Credential.default().getCredential());
  try {
    const { accessKeyId, accessKeySecret, securityToken } = await result;
    if (accessKeyId && accessKeySecret) {
      return checkCredentials({ accessKeyId, accessKeySecret, securityToken });
    }
  } catch (error) {
    if (error instanceof CredentialsError) throw error;
    // Falls through to the one message that says where credentials are looked for.
  } finally {
    budget.release();
  }
  throw new CredentialsError(
    `No credentials were found. Set ${ID_VARIABLE} and ${SECRET_VARIABLE} (with ALIBABA_CLOUD_SECURITY_TOKEN for temporary ones), or configure a profile with the aliyun command line. Looked at: the environment, OIDC, ~/.aliyun/config.json, ~/.alibabacloud/credentials, the ECS metadata service, ALIBABA_CLOUD_CREDENTIALS_URI.`,
  );
}

/** One half of a pair in the environment: the chain would pass it over and take another account's. */
function assertNotHalfSet(env: Environment): void {
  const missing = [ID_VARIABLE, SECRET_VARIABLE].filter((name) => !env[name]);
  if (missing.length !== 1) return;
  throw new CredentialsError(
    `${missing[0]} is not set, or empty, but the other half of the pair is: set both, or neither.`,
  );
}

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
