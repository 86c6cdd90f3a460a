import type { AccountSelector } from "./account-selector.ts";
import type { FailureCode } from "./finding.ts";
import type { SkippedAccount } from "./report.ts";
import type { RegionSelector } from "./scope.ts";

/** An account that the configuration names. */
export interface AccountEntry {
  readonly id: string;
  /** @default what the resource directory calls it */
  readonly name?: string;
  /** The role to assume there. @default that of the organization; none for the caller's own account */
  readonly roleName?: string;
  /** @default that of the organization */
  readonly externalId?: string;
  /** @default those of all accounts */
  readonly regions?: readonly RegionSelector[];
}

/** The members of the resource directory that are to be audited. */
export interface MembersRequest {
  /** The role to assume in each. */
  readonly roleName: string;
  readonly accounts: readonly AccountSelector[];
  /** Ids of folders, or with a leading `!` of those to leave out; empty for all. */
  readonly folders: readonly string[];
}

/** Which accounts are to be audited, where it is not only that of the credentials. */
export interface AccountsRequest {
  /** They add to the members, and override what the directory says of them. */
  readonly entries: readonly AccountEntry[];
  /** Null where no members are audited. */
  readonly members: MembersRequest | null;
  /** What the trust policies of roles ask for whose entry has none of its own; null for none. */
  readonly externalId: string | null;
  /** What a flag or an event selects of all these; null for all. */
  readonly selectors: readonly AccountSelector[] | null;
}

/** A RAM role of an account, which the audit assumes there. */
export interface MemberRole {
  readonly accountId: string;
  /** Such as `flowlog-guard-audit`. */
  readonly roleName: string;
  /** What the role's trust policy asks for; undefined for none. A secret. */
  readonly externalId?: string | undefined;
}

/** The ARN of a role, such as `acs:ram::1234567890123456:role/flowlog-guard-audit`. */
export function roleArnOf({ accountId, roleName }: MemberRole): string {
  return `acs:ram::${accountId}:role/${roleName}`;
}

/** An account to audit. */
export interface ScopedAccount {
  readonly id: string;
  /** What the configuration or the resource directory calls it: text from outside. Null for none. */
  readonly name: string | null;
  /** Null for the caller's own account, which is audited with the caller's credentials. */
  readonly role: MemberRole | null;
  /** Sorted, not empty. */
  readonly regionIds: readonly string[];
}

/** Why the account of the credentials could not be identified. */
export interface CallerFailure {
  readonly code: FailureCode;
  readonly message: string;
}

/** All accounts of a run, resolved before the first of them is asked. */
export interface AccountScope {
  /** Sorted by id, each once, not empty. */
  readonly accounts: readonly ScopedAccount[];
  /** Members of the resource directory that cannot be audited. Sorted by id. */
  readonly skipped: readonly SkippedAccount[];
  /** Names of regions by id, where DescribeRegions returned any. */
  readonly localNames: ReadonlyMap<string, string>;
  /** The regions that DescribeRegions returned; empty where it was not asked. */
  readonly listed: ReadonlySet<string>;
  /** See `Report`. */
  readonly managementAccountUnknown: boolean;
  /**
   * Why the caller could not be identified; absent where it was. Then nobody knows whether an account
   * without a role is the caller's, and it is not asked.
   */
  readonly callerFailure?: CallerFailure;
  /** Problems that did not stop the run. */
  readonly warnings: readonly string[];
}
