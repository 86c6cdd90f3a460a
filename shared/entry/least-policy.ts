import type { Permission } from "../audit/permission.ts";
import { needsKnownRegions } from "../audit/scope.ts";
import type { Config } from "../config/config.ts";
import type { Rule } from "../rules/rule.ts";
import { permissionsOfStorage } from "../storage/storage-address.ts";

/** A RAM policy document, as RAM takes it. */
export interface PolicyDocument {
  readonly Version: "1";
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}

/** Asked only where patterns, exclusions or `all` have to be resolved. */
const LIST_REGIONS: Permission = { action: "vpc:DescribeRegions", resource: () => "*" };

/**
 * The least that an identity must be allowed to audit what is configured, and to remember it.
 *
 * @param accountId - the account that is audited, or `*` for whichever the identity belongs to
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-ram
 */
export function leastPolicy(
  { regions, state }: Config,
  rules: readonly Rule[],
  accountId: string,
): PolicyDocument {
  const needed = [
    ...rules.flatMap((rule) => rule.permissions),
    ...(needsKnownRegions(regions) ? [LIST_REGIONS] : []),
    ...permissionsOfStorage(state),
  ];
  return {
    Version: "1",
    Statement: needed.map(({ action, resource }) => ({
      Effect: "Allow",
      Action: action,
      Resource: resource(accountId),
    })),
  };
}

/**
 * Lets Function Compute, and nobody else, take the role.
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
