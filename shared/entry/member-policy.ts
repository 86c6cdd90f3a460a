import { accountSelection, type AccountSelector } from "../audit/account-selector.ts";
import { ConfigError } from "../audit/run-error.ts";
import type { Config } from "../config/config.ts";
import type { Rule } from "../rules/rule.ts";
import { type PolicyDocument, policyOf } from "./least-policy.ts";

/** What the role of an audited account is made of. */
export interface MemberPolicies {
  readonly policy: PolicyDocument;
  /** Has the external id, which is a secret elsewhere. */
  readonly trust: PolicyDocument;
}

/**
 * The policies of the role that the audit assumes in other accounts. Regions are resolved and the state
 * is kept with the credentials of the auditing identity, so the role needs what the rules need.
 *
 * @param rules - those that are evaluated
 * @param trustedRoleArn - the role that audits
 * @param externalId - what the trust policy asks for; null for nothing
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole
 */
export function memberPolicies(
  rules: readonly Rule[],
  trustedRoleArn: string,
  externalId: string | null,
): MemberPolicies {
  const needed = rules.flatMap((rule) => rule.permissions);
  return {
    policy: policyOf(needed, "*"),
    trust: {
      Version: "1",
      Statement: [
        {
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { RAM: [trustedRoleArn] },
          ...(externalId === null
            ? {}
            : { Condition: { StringEquals: { "sts:ExternalId": externalId } } }),
        },
      ],
    },
  };
}

/**
 * The one external id of the configured accounts, or of those that are selected; null for none.
 *
 * @throws {@link ConfigError} for accounts with different ones, which one trust policy cannot have
 */
export function externalIdOf({
  accounts: { entries, selectors },
  organization,
}: Pick<Config, "accounts" | "organization">): string | null {
  const listed = new Map((entries ?? []).map((entry) => [entry.id, entry]));
  const isSelected = selectors === null ? () => true : accountSelection(selectors);
  const own = [...listed.values()]
    .filter(({ id, name = null }) => isSelected({ id, name }))
    .map(({ externalId }) => externalId ?? organization.externalId);
  const isListed = (selector: AccountSelector): boolean => listed.has(selector);
  const hasMembers = organization.roleName !== null && selectors?.every(isListed) !== true;
  const [externalId = null, ...others] = new Set(
    hasMembers || own.length === 0 ? [...own, organization.externalId] : own,
  );
  if (others.length === 0) return externalId;
  throw new ConfigError([
    "--member: the accounts have different external ids, and a trust policy has one: name accounts that have the same in --accounts",
  ]);
}
