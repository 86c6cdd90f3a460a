import type { RoleAction } from "./role-session.ts";

/** The role that was to be assumed, for messages. */
export interface RefusedRole {
  readonly action: RoleAction;
  readonly roleArn: string;
  /** Where the external id is configured, such as `external_id of the profile`. */
  readonly externalIdOption: string;
  /** Whether the request had an external id. */
  readonly sendsExternalId: boolean;
}

/**
 * Explains why STS did not issue a session: it has one code and one text for three causes, all of which
 * the explanation names.
 *
 * @param detail - status and code, such as `(HTTP 403, NoPermission)`
 * @returns null for a code that says nothing about roles
 * @see https://www.alibabacloud.com/help/en/ram/support/faq-about-ram-roles-and-sts-tokens
 */
export function explainRefusal(role: RefusedRole, code: string, detail: string): string | null {
  if (code.includes("Throttling")) return explainThrottling(detail);
  if (code === "EntityNotExist.Role") {
    return `There is no such role ${detail}. Correct its ARN.`;
  }
  if (role.action === "AssumeRoleWithOIDC") {
    return `STS refused it ${detail}. Check that the OIDC token has not expired, that its provider exists in the role's account, and that the role's trust policy names the provider.`;
  }
  return /^(NoPermission|Forbidden|Forbbiden)(\.|$)/.test(code)
    ? explainThreeCauses(role, detail)
    : null;
}

/** The limit is shared by everybody in the account that asks. */
export function explainThrottling(detail: string): string {
  return `STS throttled it ${detail}, for everybody in the account that asks. Run it again later.`;
}

/** The causes of a refusal that STS does not tell apart. */
export function explainThreeCauses(
  { roleArn, externalIdOption, sendsExternalId }: RefusedRole,
  detail: string,
): string {
  const externalId = sendsExternalId ? "another external id" : "an external id, and none was sent";
  return `STS refused it ${detail}, which has three causes: the identity that assumes the role lacks sts:AssumeRole on ${roleArn}; or the role's trust policy does not name that identity, or asks for ${externalId} (${externalIdOption}); or the keys are an account's own (root), which can assume no role.`;
}
