import * as v from "valibot";

import { isAccountId } from "../audit/account-selector.ts";
import type { Answer, CallLimit } from "../audit/cloud.ts";
import type { ManagementAccount, Member, MemberPage } from "../audit/organization.ts";
import { optionalText, wholeNumber } from "./answer-fields.ts";
import { askRpc, type RpcCall } from "./sdk/ask-rpc.ts";
import type { ClientTarget } from "./sdk/ask.ts";

/** The most that a page can have. */
const MAX_RESULTS = 100;

/** A text: as a number, an id could have lost digits. */
const accountId = v.pipe(v.string(), v.check(isAccountId));

const MemberItem = v.pipe(
  v.object({
    AccountId: accountId,
    AccountName: optionalText,
    DisplayName: optionalText,
    FolderId: optionalText,
    ResourceDirectoryPath: optionalText,
    Status: optionalText,
    DeletionStatus: optionalText,
  }),
  v.transform((item): Member => ({
    accountId: item.AccountId,
    name: item.DisplayName ?? item.AccountName ?? null,
    folderIds: folderIdsOf(item.ResourceDirectoryPath, item.FolderId),
    status: item.Status ?? null,
    deletionStatus: item.DeletionStatus ?? null,
  })),
);

const Members = v.object({
  RequestId: v.optional(v.string()),
  NextToken: optionalText,
  TotalCount: v.nullish(wholeNumber, null),
  Accounts: v.object({ Account: v.array(MemberItem) }),
});

const Directory = v.object({
  RequestId: v.optional(v.string()),
  ResourceDirectory: v.object({ MasterAccountId: accountId, MasterAccountName: optionalText }),
});

/**
 * A page of the members of the resource directory. Pages are asked for by token, because with numbers a
 * member that leaves moves another one to a page that was read before.
 *
 * @param token - that of the page before; null for the first page
 * @throws `CallError`, and no other error
 * @see https://www.alibabacloud.com/help/en/resource-management/resource-directory/developer-reference/api-resourcedirectorymaster-2022-04-19-listaccounts
 */
export async function listMembers(
  target: ClientTarget,
  token: string | null,
  limit: CallLimit,
): Promise<Answer<MemberPage>> {
  const query = { MaxResults: String(MAX_RESULTS), ...(token !== null && { NextToken: token }) };
  const call = { ...callOf("ListAccounts"), query };
  const { value, exchange } = await askRpc(call, target, Members, limit);
  const { Accounts: accounts, NextToken: nextToken = null, TotalCount: totalCount } = value;
  return { value: { items: accounts.Account, nextToken, totalCount }, exchange };
}

/**
 * The account that manages the resource directory, which is not listed among its members.
 *
 * @throws `CallError`, and no other error
 * @see https://www.alibabacloud.com/help/en/resource-management/resource-directory/developer-reference/api-resourcedirectorymaster-2022-04-19-getresourcedirectory
 */
export async function getManagementAccount(
  target: ClientTarget,
  limit: CallLimit,
): Promise<Answer<ManagementAccount>> {
  const call = callOf("GetResourceDirectory");
  const { value, exchange } = await askRpc(call, target, Directory, limit);
  const { MasterAccountId, MasterAccountName: name = null } = value.ResourceDirectory;
  return { value: { accountId: MasterAccountId, name }, exchange };
}

function callOf(operation: string): RpcCall {
  return {
    product: "resourcemanager",
    operation,
    version: "2022-04-19",
    // There is one endpoint for all regions.
    hostProvesRegion: false,
    explain,
  };
}

/** Two operations have two codes for it. */
const NO_DIRECTORY = /^(EntityNotExists\.ResourceDirectory|ResourceDirectoryNotInUse)$/;

function explain(code: string, detail: string): string | null {
  return NO_DIRECTORY.test(code)
    ? `The account of the credentials is in no resource directory ${detail}.`
    : null;
}

/** The ids of folders begin with these, that of the root with the latter. */
const FOLDER_ID = /^(fd|r)-/;

/**
 * The folders on a path such as `rd-1/r-2/fd-3/1234567890123456`. Without a path, only a member of the root
 * is known to be in no other folder.
 */
function folderIdsOf(
  path: string | undefined,
  folderId: string | undefined,
): readonly string[] | null {
  const folderIds = path?.split("/").filter((part) => FOLDER_ID.test(part)) ?? [];
  if (folderIds.length > 0) return folderIds;
  return folderId?.startsWith("r-") === true ? [folderId] : null;
}
