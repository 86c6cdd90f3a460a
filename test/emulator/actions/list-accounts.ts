import { type ActionAnswer, errorAnswer } from "../answer.ts";
import {
  DIRECTORY_ID,
  type DirectorySeed,
  type MemberSeed,
  ROOT_FOLDER_ID,
} from "../directory-seed.ts";
import { tokenPage } from "../paging.ts";
import type { Action, ActionCall } from "../world.ts";

/** Items on a page. */
const PAGE = { min: 1, default: 10, max: 100 };

/**
 * Pages by token only, as newer versions of the operation do where `MaxResults` is given.
 *
 * @see https://www.alibabacloud.com/help/en/resource-management/resource-directory/developer-reference/api-resourcedirectorymaster-2022-04-19-listaccounts
 */
export const listAccounts: Action = {
  version: "2022-04-19",
  answer(call) {
    const directory = readableDirectory(call);
    if ("status" in directory) return directory;
    const { members, repeatsToken = false } = directory;
    const query = new URLSearchParams(call.query);
    if (repeatsToken) query.delete("NextToken");
    const page = tokenPage(members, ({ accountId }) => accountId, query, PAGE);
    if ("status" in page) return page;
    return {
      status: 200,
      body: {
        TotalCount: members.length,
        NextToken: repeatsToken ? "the-same-token" : page.nextToken,
        Accounts: { Account: page.items.map(itemOf) },
      },
    };
  },
  faultFor: ({ world }) => world.faults.ListAccounts,
};

/** The directory of the account that asks; the service's error where it may not read it. */
function readableDirectory({ world, accountId }: ActionCall): DirectorySeed | ActionAnswer {
  const { directory = null } = world;
  if (directory === null) {
    return errorAnswer(
      404,
      "EntityNotExists.ResourceDirectory",
      "The resource directory for the account is not enabled.",
    );
  }
  return directory.readers?.includes(accountId) === false
    ? errorAnswer(403, "NoPermission", "The caller is not authorized to do this action.")
    : directory;
}

function itemOf(seed: MemberSeed) {
  const { accountId, folderPath = [], status = "CreateSuccess", deletionStatus = "" } = seed;
  const path =
    folderPath === null ? null : [DIRECTORY_ID, ROOT_FOLDER_ID, ...folderPath, accountId];
  return {
    AccountId: accountId,
    AccountName: seed.accountName ?? "",
    DisplayName: seed.displayName ?? "",
    Status: status,
    DeletionStatus: deletionStatus,
    Type: "ResourceAccount",
    JoinMethod: "created",
    JoinTime: "2026-01-05T08:00:00.000Z",
    ModifyTime: "2026-01-05T08:00:00.000Z",
    ResourceDirectoryId: DIRECTORY_ID,
    ...(path !== null && {
      FolderId: folderPath?.at(-1) ?? ROOT_FOLDER_ID,
      ResourceDirectoryPath: path.join("/"),
    }),
  };
}
