import { type MemberRole, roleArnOf } from "../audit/account-scope.ts";
import { CallError } from "../audit/call-error.ts";
import type { Answer, CallLimit } from "../audit/cloud.ts";
import type { TemporaryCredentials } from "../service/credentials.ts";
import { kindOfCode } from "../service/service-code.ts";
import { explainThreeCauses, explainThrottling, type RefusedRole } from "./role-refusal.ts";
import { requestRoleSession } from "./role-session.ts";
import type { ClientTarget } from "./sdk/ask.ts";

/** Also what a role that assumes a role can get at most. */
const SESSION_SECONDS = 3_600;

/**
 * Requests the keys of a session of a member's role, once.
 *
 * @param target - an endpoint of STS, with the keys that assume the role
 * @throws `CallError`, and no other error: `ROLE_REFUSED` where STS refuses, else the code of the failure
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole
 */
export async function assumeMemberRole(
  role: MemberRole,
  sessionName: string,
  target: ClientTarget,
  limit: CallLimit,
): Promise<Answer<TemporaryCredentials>> {
  const roleArn = roleArnOf(role);
  const refused: RefusedRole = {
    action: "AssumeRole",
    roleArn,
    externalIdOption: "organization.externalId, or externalId of the account",
    sendsExternalId: role.externalId !== undefined,
  };
  const form = {
    RoleArn: roleArn,
    RoleSessionName: sessionName,
    DurationSeconds: String(SESSION_SECONDS),
    ExternalId: role.externalId,
  };
  const request = {
    action: "AssumeRole",
    form,
    accountId: role.accountId,
    // The region of an endpoint of STS is not the one that is audited.
    hostProvesRegion: false,
    explain: (code: string, detail: string) => explain(refused, code, detail),
  } as const;
  try {
    return await requestRoleSession(request, target, limit);
  } catch (error) {
    throw error instanceof CallError ? asRoleFailure(error, roleArn) : error;
  }
}

/** Names the three causes whatever the code, after what two codes say more exactly. */
function explain(role: RefusedRole, code: string, detail: string): string {
  const causes = explainThreeCauses(role, detail);
  if (code === "EntityNotExist.Role") {
    return `The account has no such role: create it there, or correct its name. If it is there: ${causes}`;
  }
  return /^(Invalid|Missing)Parameter(\.|$)/.test(code)
    ? `Correct the name of the role, or the external id (${role.externalIdOption}). If they are right: ${causes}`
    : causes;
}

/** The same failure, about the role; a refusal by STS gets a code of its own. */
function asRoleFailure(error: CallError, roleArn: string): CallError {
  const { code, exchange, serviceCode } = error;
  const why = error.throttled
    ? explainThrottling(`(HTTP ${exchange.httpStatus}, ${serviceCode ?? "no code"})`)
    : error.message;
  return error.with({
    code: isRefusal(error) ? "ROLE_REFUSED" : code,
    message: `The role ${roleArn} could not be assumed. ${why}`,
  });
}

/** Whether STS has decided, and not about the caller's keys, clock or account. */
function isRefusal({ code, retryable, exchange, serviceCode }: CallError): boolean {
  if (code === "ACCESS_DENIED" || code === "REGION_NOT_FOUND") return true;
  const { httpStatus } = exchange;
  const isAnswered = serviceCode !== null || (httpStatus !== null && httpStatus >= 400);
  const isOfAccount = kindOfCode(serviceCode ?? "") === "account";
  return code === "SERVICE_ERROR" && retryable === "never" && isAnswered && !isOfAccount;
}
