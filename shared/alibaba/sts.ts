import { $OpenApiUtil } from "@alicloud/openapi-core";
import * as v from "valibot";

import type { Answer, CallLimit } from "../audit/cloud.ts";
import type { Caller } from "../audit/report.ts";
import type { TemporaryCredentials } from "../service/credentials.ts";
import { ask, type ClientTarget } from "./sdk/ask.ts";
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

const GET_CALLER_IDENTITY = paramsOf("GetCallerIdentity", "AK");

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
  const { value, exchange } = await ask(
    { action: "sts:GetCallerIdentity" },
    target,
    CallerIdentity,
    (client, runtime) =>
      client.callApi(GET_CALLER_IDENTITY, new $OpenApiUtil.OpenApiRequest({}), runtime),
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
  const params = paramsOf(action, target.credentials === undefined ? "Anonymous" : "AK");
  // As a form, not as a query: errors can quote the URL of a failed request.
  const body = Object.fromEntries(Object.entries(form).filter(([, value]) => value !== undefined));
  const { value } = await ask(
    { action: `sts:${action}`, ...(explain !== undefined && { explain }) },
    target,
    AssumedRole,
    (client, runtime) => client.callApi(params, new $OpenApiUtil.OpenApiRequest({ body }), runtime),
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

function paramsOf(action: string, authType: "AK" | "Anonymous"): $OpenApiUtil.Params {
  return new $OpenApiUtil.Params({
    action,
    version: "2015-04-01",
    protocol: "HTTPS",
    pathname: "/",
    method: "POST",
    authType,
    style: "RPC",
    reqBodyType: "formData",
    bodyType: "json",
  });
}
