import type { MemberSeed } from "./directory-seed.ts";
import { DEFAULT_WORLD, type World } from "./world.ts";

export const SAMPLE_EXTERNAL_ID = "emulator-external-id-7d1c";

const ROLE_NAME = "flowlog-guard-audit";
const LEGACY_ID = "1500000000000004";

const MEMBERS: readonly MemberSeed[] = [
  { accountId: DEFAULT_WORLD.accountId, displayName: "security" },
  { accountId: "1500000000000001", displayName: "prod-shop", folderPath: ["fd-prod"] },
  { accountId: "1500000000000002", displayName: "prod-data", folderPath: ["fd-prod"] },
  { accountId: "1500000000000003", displayName: "test-shop", folderPath: ["fd-test"] },
  { accountId: LEGACY_ID, displayName: "legacy", folderPath: ["fd-test"] },
  {
    accountId: "1500000000000005",
    displayName: "sandbox-old",
    folderPath: ["fd-test"],
    deletionStatus: "Deleting",
  },
];

/**
 * The parts of a world that make an organization such as one of a first use: the account of the
 * credentials is a member, one member refuses its role, and one is being deleted.
 */
export const SAMPLE_ORGANIZATION: Pick<World, "directory" | "memberRoles"> = {
  directory: { managementAccountId: "1900000000000001", members: MEMBERS },
  memberRoles: {
    roleName: ROLE_NAME,
    externalId: SAMPLE_EXTERNAL_ID,
    refused: (accountId) => (accountId === LEGACY_ID ? "NoPermission" : null),
  },
};
