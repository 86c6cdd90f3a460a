import { ConfigError } from "../../../../shared/audit/run-error.ts";
import { selectorMatcher } from "../../../../shared/audit/scope.ts";
import { type Config, DEFAULT_CONFIG } from "../../../../shared/config/config.ts";
import type { Plan } from "../../../../shared/enable/plan.ts";
import { auditsOtherAccounts } from "../../../../shared/entry/organization-policy.ts";

/**
 * Refuses the flag that selects accounts: the command has it because it says what an audit covers.
 *
 * @throws {@link ConfigError}
 */
export function assertNoAccounts({ accounts }: { readonly accounts?: string }): void {
  if (accounts === undefined) return;
  throw new ConfigError([
    "--accounts: enable changes the account of its credentials and no other: leave it out, and choose the account by its credentials, as with --profile",
  ]);
}

/** The configuration for the account of the credentials alone. */
export function ofOwnAccount(config: Config): Config {
  const { accounts, organization } = DEFAULT_CONFIG;
  return { ...config, accounts, organization };
}

/** Says, where other accounts are configured, that they are left as they are. */
export function otherAccountsNotes(config: Config, { accountId }: Plan): readonly string[] {
  return auditsOtherAccounts(config)
    ? [
        `other accounts are configured: only ${accountId}, the account of the credentials, is read and changed`,
      ]
    : [];
}

/** The configuration with the regions that it has for an account. */
export function withRegionsOf(accountId: string, config: Config): Config {
  const entry = config.accounts.entries?.find(({ id }) => id === accountId);
  return entry?.regions === undefined ? config : { ...config, regions: entry.regions };
}

/** Takes out of a plan what is in a region that no selector matches. */
export function withinRegions(plan: Plan, { regions }: Pick<Config, "regions">): Plan {
  const isMeant = selectorMatcher(regions);
  return {
    ...plan,
    entries: plan.entries.filter(({ regionId }) => isMeant(regionId)),
    notChanged: plan.notChanged.filter(({ regionId }) => isMeant(regionId)),
  };
}
