import * as v from "valibot";

import type { Answer, CallLimit } from "../audit/cloud.ts";
import type { TemporaryCredentials } from "../service/credentials.ts";
import { askRpc } from "./sdk/ask-rpc.ts";
import type { ClientTarget } from "./sdk/ask.ts";
import type { CallSubject, CodeMeaning } from "./sdk/classify-answer.ts";
import { STS } from "./sts.ts";

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

/**
 * The same, for a role of an account: with the keys of any other, that one would be asked. The account is
 * all that is read of the ARN, of which documentation has several forms: `acs:ram::…:role/NAME/SESSION`,
 * `acs:ram::…:assumed-role/…` and `acs:sts::…:assumed-role/…`.
 */
function assumedRoleOf(accountId: string) {
  const isOfAccount = (arn: string): boolean => /^acs:\w+:\w*:(\d+):/.exec(arn)?.[1] === accountId;
  return v.object({
    ...AssumedRole.entries,
    AssumedRoleUser: v.nullish(
      v.object({
        Arn: v.nullish(v.pipe(v.string(), v.check(isOfAccount, "is not of the role's account"))),
      }),
    ),
  });
}

/** Sessions with less validity than this, in milliseconds, are of no use: clocks differ. */
export const MIN_SESSION_LIFE_MS = 60_000;

/** The actions that return the credentials of a role's session. */
export type RoleAction = "AssumeRole" | "AssumeRoleWithOIDC";

/** A request for a role's session. */
export interface RoleSessionRequest extends Pick<CallSubject, "explain" | "hostProvesRegion"> {
  readonly action: RoleAction;
  /** The action's parameters; undefined ones are left out. */
  readonly form: Readonly<Record<string, string | undefined>>;
  /** The account that the session must be of. @default not checked */
  readonly accountId?: string;
}

/**
 * Requests the credentials of a role's session, once, from one endpoint.
 *
 * @param target - without credentials for AssumeRoleWithOIDC, which is not signed
 * @throws `CallError`, and no other error
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerolewithoidc
 */
export async function requestRoleSession(
  { action, form, accountId, ...subject }: RoleSessionRequest,
  target: ClientTarget,
  limit: CallLimit,
): Promise<Answer<TemporaryCredentials>> {
  // As a form, not as a query: errors can quote the URL of a failed request.
  const given = Object.entries(form).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  const { value, exchange } = await askRpc(
    { ...STS, ...subject, operation: action, form: Object.fromEntries(given), meaningOf },
    target,
    accountId === undefined ? AssumedRole : assumedRoleOf(accountId),
    limit,
  );
  const { AccessKeyId, AccessKeySecret, SecurityToken, Expiration } = value.Credentials;
  return {
    value: {
      accessKeyId: AccessKeyId,
      accessKeySecret: AccessKeySecret,
      securityToken: SecurityToken,
      expiresAtMs: Date.parse(Expiration),
    },
    exchange,
  };
}

/** The limit of AssumeRole calls is documented by its message, and without a code. */
function meaningOf(_code: string, message: string): CodeMeaning | null {
  return /\bdenied due to user flow control\b/i.test(message) ? "throttled" : null;
}
