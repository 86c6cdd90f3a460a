import { errorAnswer } from "../answer.ts";
import { DIRECTORY_ID, ROOT_FOLDER_ID } from "../directory-seed.ts";
import type { Action } from "../world.ts";

/** @see https://www.alibabacloud.com/help/en/resource-management/resource-directory/developer-reference/api-resourcedirectorymaster-2022-04-19-getresourcedirectory */
export const getResourceDirectory: Action = {
  version: "2022-04-19",
  answer({ world, accountId }) {
    const { directory = null } = world;
    if (directory === null) {
      return errorAnswer(
        404,
        "ResourceDirectoryNotInUse",
        "The specified account is in no resource directory.",
      );
    }
    if (directory.readers?.includes(accountId) === false) {
      return errorAnswer(403, "NoPermission", "The caller is not authorized to do this action.");
    }
    return {
      status: 200,
      body: {
        ResourceDirectory: {
          ResourceDirectoryId: DIRECTORY_ID,
          RootFolderId: ROOT_FOLDER_ID,
          MasterAccountId: directory.managementAccountId,
          MasterAccountName: directory.managementAccountName ?? "management",
          CreateTime: "2026-01-05T08:00:00.000Z",
          ControlPolicyStatus: "Enabled",
          MemberDeletionStatus: "Enabled",
          IdentityInformation: "Example Ltd.",
        },
      },
    };
  },
  faultFor: ({ world }) => world.faults.GetResourceDirectory,
};
