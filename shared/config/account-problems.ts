import type { AccountSelector } from "../audit/account-selector.ts";
import type { AccountsOption } from "./accounts.ts";
import { OPTIONS } from "./options.ts";

/** What the configuration says of accounts and of their roles. */
interface RolesConfig {
  readonly accounts: AccountsOption;
  readonly organization: {
    readonly roleName: string | null;
    readonly externalId: string | null;
    readonly accounts: readonly AccountSelector[];
    readonly folders: readonly string[];
  };
}

/** A message names at most this many entries. */
const MAX_NAMED = 5;

/**
 * What is wrong with the accounts and roles of all layers together. The role of the organization is also
 * that of entries without one, and it tells that the members are to be audited at all.
 */
export function problemsOfAccounts({ accounts, organization }: RolesConfig): string[] {
  if (organization.roleName !== null) return [];
  const entries = accounts.entries ?? [];
  const withoutRole = placesOf(entries, ({ roleName }) => roleName === undefined);
  const idWithoutRole = placesOf(
    entries,
    ({ roleName, externalId }) => roleName === undefined && externalId !== undefined,
  );
  return [
    ...problemsOfOrganization(organization, withoutRole.length < entries.length),
    idWithoutRole.length > 0 &&
      `${named(idWithoutRole)}: there is no role to assume with externalId: write roleName beside it, or organization.roleName`,
    withoutRole.length > 1 &&
      `${named(withoutRole)}: have no role to assume, and only the account of the credentials needs none: write roleName, or organization.roleName`,
  ].filter((problem) => problem !== false);
}

function problemsOfOrganization(
  { externalId, folders, accounts }: RolesConfig["organization"],
  hasRoleOfEntry: boolean,
): string[] {
  // The default itself is the list that no source gave: a source that says "*" asks for the members too.
  if (folders.length > 0 || accounts !== OPTIONS.organization.accounts.fallback) {
    return [
      "organization: has no role to assume in the members: write roleName, or set FLOWLOG_GUARD_ORGANIZATION_ROLE",
    ];
  }
  return externalId === null || hasRoleOfEntry
    ? []
    : [
        "organization.externalId (FLOWLOG_GUARD_EXTERNAL_ID): there is no role to assume with it: set FLOWLOG_GUARD_ORGANIZATION_ROLE, or roleName of an account",
      ];
}

function placesOf<Entry>(entries: readonly Entry[], is: (entry: Entry) => boolean): string[] {
  return entries.flatMap((entry, index) => (is(entry) ? [`accounts[${index}]`] : []));
}

function named(places: readonly string[]): string {
  const more = places.length - MAX_NAMED;
  return `${places.slice(0, MAX_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
