import type { AccountEntry, AccountsRequest, MemberRole } from "../../audit/account-scope.ts";
import { accountSelection } from "../../audit/account-selector.ts";
import {
  ADMINISTRATOR_ROLE,
  ADMINISTRATOR_ROLE_PROBLEM,
  isAdministratorRole,
} from "../../audit/administrator-role.ts";
import { compareIds } from "../../audit/compare-ids.ts";
import type { ManagementAccount, Member } from "../../audit/organization.ts";
import type { SkippedAccount } from "../../audit/report.ts";
import { ConfigError, ScopeError } from "../../audit/run-error.ts";
import type { RegionSelector } from "../../audit/scope.ts";
import { cleanText } from "../../text/clean-text.ts";
import { noAccountMatches } from "./no-account-matches.ts";
import { selectMembers } from "./select-members.ts";
import { skipReasonOf } from "./skip-reason.ts";
import { unmatchedSelectors } from "./unmatched-selectors.ts";

/** What is known of accounts before their regions are resolved. */
export interface KnownAccounts {
  /** The members of the resource directory; empty where it was not asked. */
  readonly members: readonly Member[];
  /** Null where it was not asked, or is not known. */
  readonly managementAccount: ManagementAccount | null;
  /** The account of the credentials; null where it could not be identified. */
  readonly callerId: string | null;
}

/** An account to audit. */
export interface ChosenAccount {
  readonly id: string;
  readonly name: string | null;
  /** Null for the caller's own account, and where nobody knows whether it is. */
  readonly role: MemberRole | null;
  /** Null for those of all accounts. */
  readonly regions: readonly RegionSelector[] | null;
}

/** The accounts of a run. */
export interface ChosenAccounts {
  /** Sorted by id, not empty. */
  readonly accounts: readonly ChosenAccount[];
  /** Sorted by id. */
  readonly skipped: readonly SkippedAccount[];
  readonly warnings: readonly string[];
}

/** Bytes of a name: one of the resource directory has 64 characters at most, of any script. */
const MAX_NAME_BYTES = 256;

/** An account that is configured, and what the configuration and the directory say of it. */
interface Candidate {
  readonly id: string;
  readonly name: string | null;
  readonly skipReason: SkippedAccount["reason"] | null;
  readonly entry: AccountEntry | undefined;
}

/**
 * Decides which accounts are audited, and with which role: the selected members of the resource
 * directory, the accounts that the file names, or else the caller's own; of these what a flag or an event
 * selects. The caller's own account is audited with the caller's credentials, whatever role is
 * configured.
 *
 * @throws {@link ScopeError} when nothing is selected, or everything that is cannot be audited
 * @throws {@link ConfigError} when an account of somebody else has no role
 */
export function chooseAccounts(request: AccountsRequest, known: KnownAccounts): ChosenAccounts {
  const { members, warnings } = selectedMembers(request, known);
  const candidates = candidatesOf(request, members, known);
  const selected = selectCandidates(candidates, request);
  const skipped = selected.flatMap(({ id, name, skipReason }): SkippedAccount[] =>
    skipReason === null
      ? []
      : [
          {
            id,
            ...(name !== null && { name }),
            regions: [],
            status: "skipped",
            reason: skipReason,
          },
        ],
  );
  const audited = selected.filter(({ skipReason }) => skipReason === null);
  if (audited.length === 0) {
    throw new ScopeError(
      "NO_MATCH",
      `Nothing can be audited: ${skipped.length === 1 ? "the account that is selected is" : `all ${skipped.length} accounts that are selected are`} being deleted, or not created.`,
    );
  }
  const accounts = audited.map((candidate) => withRole(candidate, request, known.callerId));
  assertRoles(accounts, known.callerId);
  return { accounts, skipped, warnings: [...warnings, ...warningsOfRoles(accounts)] };
}

/** The members that the organization's part of the configuration selects. */
function selectedMembers(
  { members: wanted }: AccountsRequest,
  { members, managementAccount }: KnownAccounts,
): { readonly members: readonly Member[]; readonly warnings: readonly string[] } {
  if (wanted === null) return { members: [], warnings: [] };
  const isMember = members.some(({ accountId }) => accountId === managementAccount?.accountId);
  const manager: readonly Member[] =
    managementAccount === null || isMember
      ? []
      : [{ ...managementAccount, folderIds: [], status: null, deletionStatus: null }];
  return selectMembers([...members, ...manager].map(withCleanName), wanted);
}

/** Once and for all: whatever a name is shown in, it does not change the layout there. */
function withCleanName(member: Member): Member {
  return { ...member, name: cleanName(member.name) };
}

function cleanName(name: string | null): string | null {
  return name === null ? null : cleanText(name, MAX_NAME_BYTES) || null;
}

/** Sorted by id, each once. */
function candidatesOf(
  { entries, members: wanted }: AccountsRequest,
  selected: readonly Member[],
  { members, callerId }: KnownAccounts,
): readonly Candidate[] {
  const memberOf = new Map([...members, ...selected].map((member) => [member.accountId, member]));
  const entryOf = new Map(entries.map((entry) => [entry.id, entry]));
  const own = entries.length === 0 && wanted === null && callerId !== null ? [callerId] : [];
  const ids = new Set([
    ...selected.map(({ accountId }) => accountId),
    ...entries.map(({ id }) => id),
    ...own,
  ]);
  return [...ids].toSorted(compareIds).map((id) => {
    const member = memberOf.get(id);
    const entry = entryOf.get(id);
    return {
      id,
      name: cleanName(entry?.name ?? member?.name ?? null),
      skipReason: member === undefined ? null : skipReasonOf(member),
      entry,
    };
  });
}

/** What a flag or an event selects; everything where there is none. */
function selectCandidates(
  candidates: readonly Candidate[],
  { entries, members, selectors }: AccountsRequest,
): readonly Candidate[] {
  if (selectors === null) return candidates;
  const unmatched = unmatchedSelectors(selectors, candidates);
  if (unmatched.length > 0) {
    throw new ScopeError(
      "NO_MATCH",
      noAccountMatches(unmatched, candidates, entries.length > 0 || members !== null),
    );
  }
  const selected = candidates.filter(accountSelection(selectors));
  if (selected.length > 0) return selected;
  throw new ScopeError(
    "NO_MATCH",
    "--accounts, or accounts of the event: the exclusions leave no account to audit. Take one of them out.",
  );
}

function withRole(
  { id, name, entry }: Candidate,
  { members, externalId }: AccountsRequest,
  callerId: string | null,
): ChosenAccount {
  const regions = entry?.regions ?? null;
  const roleName = entry?.roleName ?? members?.roleName;
  if (id === callerId || roleName === undefined) return { id, name, role: null, regions };
  return {
    id,
    name,
    role: { accountId: id, roleName, externalId: entry?.externalId ?? externalId ?? undefined },
    regions,
  };
}

/** @throws {@link ConfigError} */
function assertRoles(accounts: readonly ChosenAccount[], callerId: string | null): void {
  if (callerId === null) return;
  const problems = accounts
    .filter(({ id, role }) => role === null && id !== callerId)
    .map(
      ({ id }) =>
        `accounts: ${id} is not the account of the credentials, which is ${callerId}, and has no role to assume: write its roleName, or that of all accounts as organization.roleName`,
    );
  if (problems.length > 0) throw new ConfigError(problems);
}

function warningsOfRoles(accounts: readonly ChosenAccount[]): readonly string[] {
  const count = accounts.filter(({ role }) => isAdministratorRole(role?.roleName)).length;
  return count === 0
    ? []
    : [
        `The role ${ADMINISTRATOR_ROLE}, which is assumed in ${count} ${count === 1 ? "account" : "accounts"}, ${ADMINISTRATOR_ROLE_PROBLEM}`,
      ];
}
