import type { Permission } from "../audit/permission.ts";
import { needsKnownRegions } from "../audit/scope.ts";
import type { Config } from "../config/config.ts";
import type { Rule } from "../rules/rule.ts";
import { permissionsToKeep } from "../storage/evidence-permissions.ts";
import { permissionsOfStorage } from "../storage/storage-address.ts";

/** A RAM policy document, as RAM accepts it. */
export interface PolicyDocument {
  readonly Version: "1";
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}

/** Needed only where patterns, exclusions or `all` are resolved. */
export const LIST_REGIONS: Permission = { action: "vpc:DescribeRegions", resource: () => "*" };

/**
 * The least permissions for an audit of the configured scope, for the configured state, and to keep evidence.
 *
 * @param rules - those that are evaluated
 * @param accountId - the account that is audited, or `*` for the account of the identity
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-ram
 */
export function leastPolicy(
  { regions, state, evidence }: Config,
  rules: readonly Rule[],
  accountId: string,
): PolicyDocument {
  const needed = [
    ...rules.flatMap((rule) => rule.permissions),
    ...(needsKnownRegions(regions) ? [LIST_REGIONS] : []),
    ...permissionsOfStorage(state),
    ...permissionsToKeep(evidence),
  ];
  return policyOf(needed, accountId);
}

/** Grants permissions, each once. */
export function policyOf(permissions: readonly Permission[], accountId: string): PolicyDocument {
  const statements = new Map<string, PolicyDocument["Statement"][number]>();
  for (const { action: Action, resource, condition: Condition } of permissions) {
    const Resource = resource(accountId);
    const statement = { Effect: "Allow", Action, Resource };
    statements.set(
      `${Action} ${Resource}`,
      Condition === undefined ? statement : { ...statement, Condition },
    );
  }
  return { Version: "1", Statement: [...statements.values()] };
}

/**
 * Lets Function Compute, and no other service or user, assume the role.
 *
 * @see https://www.alibabacloud.com/help/en/functioncompute/context-1-1
 */
export const FUNCTION_TRUST_POLICY: PolicyDocument = {
  Version: "1",
  Statement: [
    {
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { Service: ["fc.aliyuncs.com"] },
    },
  ],
};
