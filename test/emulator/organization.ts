import type { MemberSeed } from "./directory-seed.ts";
import type { MemberRoleSeed, World } from "./world.ts";

export interface OrganizationOptions extends Partial<MemberRoleSeed> {
  /** Apart from the management account. */
  readonly memberCount: number;
  /** @default "1900000000000001", an account that is no member */
  readonly managementAccountId?: string;
}

/** The id of a member, counted from 0. */
export function memberIdOf(index: number): string {
  return String(1_500_000_000_000_000 + index);
}

/**
 * The parts of a world that make an organization: a directory with so many members, the first half of them
 * in the folder `fd-prod`, the others in `fd-test`, and a role in each.
 */
export function organizationOf({
  memberCount,
  managementAccountId = "1900000000000001",
  roleName = "flowlog-guard-audit",
  ...role
}: OrganizationOptions): Pick<World, "directory" | "memberRoles"> {
  const members = Array.from({ length: memberCount }, (_, index): MemberSeed => {
    const folder = index < memberCount / 2 ? "fd-prod" : "fd-test";
    return { accountId: memberIdOf(index), displayName: `member ${index}`, folderPath: [folder] };
  });
  return { directory: { managementAccountId, members }, memberRoles: { roleName, ...role } };
}
