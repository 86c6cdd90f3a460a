import type { Permission } from "../audit/permission.ts";
import { ConfigError } from "../audit/run-error.ts";
import type { Config } from "../config/config.ts";
import { permissionsToRead } from "../storage/evidence-permissions.ts";
import { type PolicyDocument, policyOf } from "./least-policy.ts";

/** @see https://www.alibabacloud.com/help/en/actiontrail/developer-reference/api-actiontrail-2020-07-06-ram */
const LOOKUP_EVENTS: Permission = {
  action: "actiontrail:LookupEvents",
  resource: (accountId) => `acs:actiontrail:*:${accountId}:*`,
};

/**
 * The least permissions of the identity that reads the kept evidence with `history` and `verify`. It is not
 * the one that keeps it.
 *
 * @param accountId - the account of the bucket and of the trail, or `*` for the account of the identity
 * @throws {@link ConfigError} where nothing needs a permission
 */
export function historyPolicy(
  { evidence, actiontrail }: Pick<Config, "evidence" | "actiontrail">,
  accountId: string,
): PolicyDocument {
  const needed = [...permissionsToRead(evidence), ...(actiontrail ? [LOOKUP_EVENTS] : [])];
  if (needed.length > 0) return policyOf(needed, accountId);
  throw new ConfigError([
    evidence.kind === "file"
      ? "--history: the evidence is in a folder, so that reading it needs no permission of RAM"
      : "--history: no evidence is configured. Set FLOWLOG_GUARD_EVIDENCE, or evidence in the configuration file",
  ]);
}
