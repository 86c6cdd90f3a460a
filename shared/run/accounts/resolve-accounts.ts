import type {
  AccountScope,
  AccountsRequest,
  CallerFailure,
  ScopedAccount,
} from "../../audit/account-scope.ts";
import type { Cloud } from "../../audit/cloud.ts";
import type { Member, Organization } from "../../audit/organization.ts";
import type { RegionSelector } from "../../audit/scope.ts";
import { startTimeBudget } from "../../retry/time-budget.ts";
import type { ReadOptions } from "../region-reader.ts";
import { resolveScopes } from "../resolve-scope.ts";
import { chooseAccounts } from "./choose-accounts.ts";
import {
  type DirectoryLimits,
  type ManagementAnswer,
  readManagementAccount,
  readMembers,
} from "./read-directory.ts";

/** What the accounts of a run are resolved from. */
export interface ScopeSources {
  readonly cloud: Cloud;
  readonly organization: Organization;
  /** The account of the credentials; null where it could not be identified. */
  readonly callerId: string | null;
  /** Why it could not be. */
  readonly callerFailure: CallerFailure | null;
  /** Of accounts that have no regions of their own. */
  readonly selectors: readonly RegionSelector[];
}

/**
 * Resolves the accounts of a run and their regions, before the first of them is asked. The resource
 * directory is read only where its members are wanted, and regions are listed once, with the caller's
 * credentials.
 *
 * @throws `ScopeError` when the directory or the regions cannot be read, or something that was asked for
 *   matches nothing
 * @throws `ConfigError` when an account of somebody else has no role
 * @throws `CredentialsError` when the credentials are refused
 */
export async function resolveAccounts(
  request: AccountsRequest,
  { cloud, organization, callerId, callerFailure, selectors }: ScopeSources,
  limits: Omit<ReadOptions, "clock" | "gate">,
): Promise<AccountScope> {
  const [members, management] = await readDirectory(request, organization, limits);
  const { accounts, skipped, warnings } = chooseAccounts(request, {
    members,
    managementAccount: management.account,
    callerId,
  });
  const regions = await resolveScopes(
    accounts.map((account) => account.regions ?? selectors),
    cloud,
    limits,
  );
  const warning = "warning" in management ? [management.warning] : [];
  return {
    accounts: accounts.map(({ id, name, role }, index): ScopedAccount => ({
      id,
      name,
      role,
      regionIds: regions.regionIds[index] ?? [],
    })),
    skipped,
    localNames: regions.localNames,
    listed: regions.listed,
    managementAccountUnknown: warning.length > 0,
    ...(callerFailure !== null && { callerFailure }),
    warnings: [...warning, ...warnings],
  };
}

/** Reads members and management account at once. Where one of them fails, the other is not read on. */
async function readDirectory(
  { members: wanted }: AccountsRequest,
  organization: Organization,
  { deadline: outer, ...limits }: DirectoryLimits,
): Promise<readonly [readonly Member[], ManagementAnswer | { readonly account: null }]> {
  if (wanted === null) return [[], { account: null }];
  const deadline = startTimeBudget(outer.remainingMs(), "DEADLINE_EXCEEDED", outer);
  const within = { ...limits, deadline };
  try {
    return await Promise.all([
      readMembers(organization, within),
      // With folders the scope is what is in them, and the management account is in none.
      wanted.folders.length > 0 ? { account: null } : readManagementAccount(organization, within),
    ]);
  } finally {
    deadline.cancel();
    deadline.release();
  }
}
