import type { MemberRole } from "./account-scope.ts";
import type { Answer, CallLimit, Cloud, TokenPage } from "./cloud.ts";

/** A member of a resource directory, as it lists it. */
export interface Member {
  readonly accountId: string;
  /** Text from outside; null for none. */
  readonly name: string | null;
  /** The folders that it is in, the root folder first; null where the directory does not say. */
  readonly folderIds: readonly string[] | null;
  /** Such as `CreateSuccess`; null where the directory does not say. */
  readonly status: string | null;
  /** Such as `Deleting`; null where it is not being deleted. */
  readonly deletionStatus: string | null;
}

/** A page of the members of a resource directory. */
export interface MemberPage extends TokenPage<Member> {
  /** How many members the directory has; null where it does not say. */
  readonly totalCount: number | null;
}

/** The account that manages a resource directory. */
export interface ManagementAccount {
  readonly accountId: string;
  /** Text from outside; null for none. */
  readonly name: string | null;
}

/** The cloud as the session of a role sees it. */
export interface RoleSession {
  readonly cloud: Cloud;
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

/**
 * The port to accounts other than that of the credentials. Each method makes one attempt; retries are
 * the caller's. Every method rejects with a `CallError`, and with nothing else.
 */
export interface Organization {
  /**
   * Lists a page of the members of the resource directory.
   *
   * @param token - that of the page before; null for the first page
   */
  listMembers(token: string | null, limit: CallLimit): Promise<Answer<MemberPage>>;
  /** The account that manages the resource directory. */
  getManagementAccount(limit: CallLimit): Promise<Answer<ManagementAccount>>;
  /**
   * Assumes a role of another account.
   *
   * @param regionId - the region whose STS endpoint is asked; null for the global endpoint
   */
  assumeRole(
    role: MemberRole,
    regionId: string | null,
    limit: CallLimit,
  ): Promise<Answer<RoleSession>>;
}
