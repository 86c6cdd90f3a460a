import * as v from "valibot";

import type { Answer, CallLimit } from "../audit/cloud.ts";
import type { Caller } from "../audit/report.ts";
import type { TemporaryCredentials } from "../service/credentials.ts";
import { askRpc } from "./sdk/ask-rpc.ts";
import type { ClientTarget } from "./sdk/ask.ts";
import type { CallSubject } from "./sdk/classify-answer.ts";

export const CallerIdentity = v.object({
  RequestId: v.optional(v.string()),
  AccountId: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)),
  Arn: v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,512}$/)),
});

const printable = v.pipe(v.string(), v.regex(/^[\x21-\x7e]+$/));

/** The answer of AssumeRole and AssumeRoleWithOIDC. */
const AssumedRole = v.object({
  RequestId: v.optional(v.string()),
  Credentials: v.object({
    AccessKeyId: printable,
    AccessKeySecret: printable,
    SecurityToken: printable,
    Expiration: v.pipe(v.string(), v.isoTimestamp()),
  }),
});

const STS = { product: "sts", version: "2015-04-01" };

/**
 * The identity that the target's credentials belong to.
 *
 * @throws `CallError`, and no other error
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-getcalleridentity
 */
export async function identifyCaller(
  target: ClientTarget,
  limit: CallLimit,
): Promise<Answer<Caller>> {
  const { value, exchange } = await askRpc(
    { ...STS, operation: "GetCallerIdentity" },
    target,
    CallerIdentity,
    limit,
  );
  return { value: { accountId: value.AccountId, arn: value.Arn }, exchange };
}

/** The actions that return the credentials of a role's session. */
export type RoleAction = "AssumeRole" | "AssumeRoleWithOIDC";

/**
 * Requests the credentials of a role's session, once, from one endpoint.
 *
 * @param target - without credentials for AssumeRoleWithOIDC, which is not signed
 * @param form - the action's parameters; undefined ones are left out
 * @param explain - see {@link CallSubject}
 * @throws `CallError`, and no other error
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerolewithoidc
 */
export async function requestRoleSession(
  action: RoleAction,
  target: ClientTarget,
  form: Readonly<Record<string, string | undefined>>,
  explain: CallSubject["explain"],
  limit: CallLimit,
): Promise<TemporaryCredentials> {
  // As a form, not as a query: errors can quote the URL of a failed request.
  const given = Object.entries(form).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  const { value } = await askRpc(
    {
      ...STS,
      operation: action,
      form: Object.fromEntries(given),
      ...(explain !== undefined && { explain }),
    },
    target,
    AssumedRole,
    limit,
  );
  const { AccessKeyId, AccessKeySecret, SecurityToken, Expiration } = value.Credentials;
  return {
    accessKeyId: AccessKeyId,
    accessKeySecret: AccessKeySecret,
    securityToken: SecurityToken,
    expiresAtMs: Date.parse(Expiration),
  };
}
