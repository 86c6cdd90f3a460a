import type { MembersRequest } from "../../audit/account-scope.ts";
import { accountSelection } from "../../audit/account-selector.ts";
import type { Member } from "../../audit/organization.ts";
import { ScopeError } from "../../audit/run-error.ts";
import { describeSelectors, unmatchedSelectors } from "./unmatched-selectors.ts";

/** The members that a configuration selects, and what of it matches nothing. */
export interface SelectedMembers {
  readonly members: readonly Member[];
  readonly warnings: readonly string[];
}

/**
 * Selects the members of the resource directory by folder, and then by id and name.
 *
 * @throws {@link ScopeError} when nothing is selected, or the directory does not say in which folder a
 *   member is
 */
export function selectMembers(
  members: readonly Member[],
  { accounts, folders }: MembersRequest,
): SelectedMembers {
  const inFolders = folders.length === 0 ? members : selectByFolder(members, folders);
  const candidates = inFolders.map((member) => ({ ...member, id: member.accountId }));
  const isSelected = accountSelection(accounts);
  const selected = candidates.filter(isSelected);
  const staleFolders = folders.filter((folder) => !members.some(isIn(folderIdOf(folder))));
  const staleAccounts = unmatchedSelectors(accounts, candidates);
  const warnings = [
    ...(staleFolders.length === 0
      ? []
      : [
          `organization.folders: no member of the resource directory is in ${describeSelectors(staleFolders)}. Correct it, or take it out.`,
        ]),
    // Where the folders leave nobody, no name can match.
    ...(staleAccounts.length === 0 || candidates.length === 0
      ? []
      : [
          `organization.accounts: ${describeSelectors(staleAccounts)} matches none of the ${candidates.length} members${folders.length === 0 ? "" : " in these folders"}. Correct it, or take it out.`,
        ]),
  ];
  if (selected.length === 0) {
    const why =
      members.length === 0
        ? "organization: the resource directory has no members."
        : "organization: the exclusions leave no member to audit.";
    throw new ScopeError("NO_MATCH", warnings.length > 0 ? warnings.join(" ") : why);
  }
  return { members: selected.map(({ id: _id, ...member }) => member), warnings };
}

function selectByFolder(members: readonly Member[], folders: readonly string[]): readonly Member[] {
  const unplaced = members.find(({ folderIds }) => folderIds === null);
  if (unplaced !== undefined) {
    throw new ScopeError(
      "NO_LIST",
      `The resource directory does not say in which folder the account ${unplaced.accountId} is, so it cannot be told whether organization.folders means it. Select members by organization.accounts instead.`,
    );
  }
  const isExcluded = (folder: string): boolean => folder.startsWith("!");
  const included = folders.filter((folder) => !isExcluded(folder));
  const excluded = folders.filter(isExcluded).map(folderIdOf);
  const isInAny = (ids: readonly string[]): ((member: Member) => boolean) => {
    const wanted = new Set(ids);
    return ({ folderIds }) => folderIds?.some((id) => wanted.has(id)) === true;
  };
  const [isMeant, isLeftOut] = [isInAny(included), isInAny(excluded)];
  return members.filter((member) => isMeant(member) && !isLeftOut(member));
}

function folderIdOf(folder: string): string {
  return folder.startsWith("!") ? folder.slice(1) : folder;
}

function isIn(folderId: string): (member: Member) => boolean {
  return ({ folderIds }) => folderIds?.includes(folderId) === true;
}
