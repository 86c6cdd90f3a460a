import type { AccountsOption } from "./accounts.ts";

/** Regions asked at once in one account, where nothing else sets a number: about all that there are. */
export const DEFAULT_CONCURRENCY = 32;
/**
 * Regions asked at once in many accounts, where nothing else sets a number. Each account has a pace of
 * its own, so what bounds this are sockets and memory: 300 need less than 256 MB.
 */
export const DEFAULT_CONCURRENCY_OF_MANY = 300;

/** The accounts of a configuration. */
export interface ConfiguredAccounts {
  readonly accounts: AccountsOption;
  readonly organization: { readonly roleName: string | null };
}

/** Whether more than one account may be audited: members of an organization, or several entries. */
export function hasManyAccounts({ accounts, organization }: ConfiguredAccounts): boolean {
  return organization.roleName !== null || (accounts.entries?.length ?? 0) > 1;
}

/** Regions asked at once where no source says how many. */
export function defaultConcurrency(accounts: ConfiguredAccounts): number {
  return hasManyAccounts(accounts) ? DEFAULT_CONCURRENCY_OF_MANY : DEFAULT_CONCURRENCY;
}
