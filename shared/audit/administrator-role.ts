/** Created by the resource directory in its members, with all permissions. */
export const ADMINISTRATOR_ROLE = "ResourceDirectoryAccountAccessRole";

/** What a warning about the role says after its name. */
export const ADMINISTRATOR_ROLE_PROBLEM =
  "has AdministratorAccess: it can change everything in a member, and an audit needs to read little. Create a role with the policy that flowlog-guard policy --member prints.";

/** Whether a role has that name, of which case does not matter. */
export function isAdministratorRole(roleName: string | null | undefined): boolean {
  return roleName?.toLowerCase() === ADMINISTRATOR_ROLE.toLowerCase();
}
