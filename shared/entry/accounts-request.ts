import type { AccountsRequest } from "../audit/account-scope.ts";
import type { Config } from "../config/config.ts";

/**
 * The accounts that a configuration asks for.
 *
 * @returns null where it is only that of the credentials
 */
export function accountsRequestOf({
  accounts: { entries, selectors },
  organization: { roleName, externalId, accounts, folders },
}: Pick<Config, "accounts" | "organization">): AccountsRequest | null {
  if (entries === null && selectors === null && roleName === null) return null;
  return {
    entries: entries ?? [],
    members: roleName === null ? null : { roleName, accounts, folders },
    externalId,
    selectors,
  };
}
