import Credential from "@alicloud/credentials";

import { CredentialsError } from "../audit/run-error.ts";
import { startTimeBudget } from "../time-budget.ts";
import { observeExchange } from "./observe-exchange.ts";

/** Keys as they are at one moment. Never to be logged. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Of temporary credentials only. */
  readonly securityToken?: string | undefined;
}

/** Enough for the metadata service's two time-outs of a second, and too short to seem to hang. */
const RESOLVE_TIMEOUT_MS = 4_000;

/**
 * Walks the default chain of `@alicloud/credentials` once, before anything runs side by side: the
 * chain is not safe under concurrency.
 *
 * @throws {@link CredentialsError} when nothing in the chain gives credentials within 4 s. It has
 * no cause: the chain's messages quote the files and answers that it could not read.
 * @see https://www.alibabacloud.com/help/en/sdk/developer-reference/v2-manage-node-js-access-credentials
 */
export async function resolveCredentials(): Promise<Credentials> {
  const budget = startTimeBudget(RESOLVE_TIMEOUT_MS, "TIMEOUT");
  const { result } = observeExchange(budget.signal, () => new Credential.default().getCredential());
  try {
    const { accessKeyId, accessKeySecret, securityToken } = await result;
    if (accessKeyId && accessKeySecret) return { accessKeyId, accessKeySecret, securityToken };
  } catch {
    // Falls through to the one message that says where credentials are looked for.
  } finally {
    budget.release();
  }
  throw new CredentialsError(
    "No credentials were found. Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET (with ALIBABA_CLOUD_SECURITY_TOKEN for temporary ones), or configure a profile with the aliyun command line. Looked at: the environment, OIDC, ~/.aliyun/config.json, ~/.alibabacloud/credentials, the ECS metadata service, ALIBABA_CLOUD_CREDENTIALS_URI.",
  );
}
