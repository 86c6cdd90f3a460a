import type { AccountScope, AccountsRequest, CallerFailure } from "../../audit/account-scope.ts";
import { roleArnOf } from "../../audit/account-scope.ts";
import { CallError } from "../../audit/call-error.ts";
import type { Cloud } from "../../audit/cloud.ts";
import { compareIds } from "../../audit/compare-ids.ts";
import type { Finding } from "../../audit/finding.ts";
import type { Organization } from "../../audit/organization.ts";
import type { AuditedAccount, Caller, SkippedAccount } from "../../audit/report.ts";
import { CredentialsError, ScopeError } from "../../audit/run-error.ts";
import { ROLES_PER_SECOND } from "../../audit/run-limits.ts";
import type { TimeBudget } from "../../retry/time-budget.ts";
import type { AccountHooks, AccountRequest } from "../audit-account.ts";
import { askCallerIdentity } from "../identify-caller.ts";
import type { ReadOptions } from "../region-reader.ts";
import { auditAccounts, type AccountsAudit } from "./audit-accounts.ts";
import { resolveAccounts } from "./resolve-accounts.ts";

/** What to audit, and how. */
export interface OrganizationRequest extends AccountRequest {
  readonly accounts: AccountsRequest;
  /** The region whose STS endpoint is asked first. */
  readonly homeRegionId: string;
  /** @default {@link ROLES_PER_SECOND} */
  readonly stsCallsPerSecond?: number;
}

/** What {@link auditOrganization} needs of its surroundings. */
export interface OrganizationHooks extends Pick<AccountHooks, "onScope" | "onEvaluated"> {
  readonly cloud: Cloud;
  readonly organization: Organization;
  /** Audits the accounts somewhere else. @default in this process */
  readonly auditAccounts?: AuditAccountsElsewhere | undefined;
}

/** What the accounts of a scope were found to be. */
export interface AuditedAccounts {
  /** In no order, and complete. */
  readonly findings: readonly Finding[];
  readonly warnings: readonly string[];
}

/**
 * Audits the accounts of a scope.
 *
 * @param auditHere - audits those of a scope in this process
 * @param deadline - the time of the audit
 */
export type AuditAccountsElsewhere = (
  scope: AccountScope,
  auditHere: (scope: AccountScope) => Promise<AuditedAccounts>,
  deadline: TimeBudget,
) => Promise<AuditedAccounts>;

/** What was found in all accounts. */
export interface OrganizationAudit {
  readonly caller: Caller | null;
  /** Sorted by id. */
  readonly accounts: readonly (AuditedAccount | SkippedAccount)[];
  readonly managementAccountUnknown: boolean;
  /** In no order. */
  readonly findings: readonly Finding[];
  readonly warnings: readonly string[];
}

/**
 * Audits the accounts of a request: resolves them first, and then every rule in every region of each.
 *
 * @throws `ScopeError` when the accounts or their regions could not be resolved
 * @throws `ConfigError` when an account of somebody else has no role
 * @throws {@link CredentialsError} when the credentials are refused
 */
export async function auditOrganization(
  {
    accounts: request,
    caller: knownCaller,
    selectors,
    rules,
    stsCallsPerSecond = ROLES_PER_SECOND,
    ...audit
  }: OrganizationRequest,
  { cloud, organization, onScope, onEvaluated, ...hooks }: OrganizationHooks,
  limits: Omit<ReadOptions, "gate">,
): Promise<OrganizationAudit> {
  const { homeRegionId } = audit;
  const { caller, callerFailure } =
    knownCaller === null
      ? await identify(cloud, homeRegionId, limits)
      : { caller: knownCaller, callerFailure: null };
  if (callerFailure !== null && request.entries.length === 0 && request.members === null) {
    throw new ScopeError(
      "NO_LIST",
      `Whose account the credentials are of could not be learnt (${callerFailure.code}), so it cannot be told whether --accounts means it. ${callerFailure.message}`,
    );
  }
  const scope = await resolveAccounts(
    request,
    { cloud, organization, callerId: caller?.accountId ?? null, callerFailure, selectors },
    limits,
  );
  onScope?.(
    regionIdsOf(scope),
    rules.map(({ id }) => id),
    scope.accounts,
  );
  const options: AccountsAudit = { ...audit, rules, stsCallsPerSecond, onEvaluated };
  // STS, and the resource directory, know every key.
  const accepted = { is: (knownCaller === null && caller !== null) || request.members !== null };
  const source = { cloud, organization: watchRoles(organization, () => (accepted.is = true)) };
  const auditHere = async (of: AccountScope): Promise<AuditedAccounts> => ({
    findings: await auditAccounts(of, source, options, limits),
    warnings: [],
  });
  const { findings, warnings } = await (hooks.auditAccounts?.(scope, auditHere, limits.deadline) ??
    auditHere(scope));
  if (!accepted.is) assertNotAllRefused(findings);
  return {
    caller,
    accounts: accountsOf(scope),
    managementAccountUnknown: scope.managementAccountUnknown,
    findings,
    warnings: [...scope.warnings, ...warnings],
  };
}

/** All regions of a scope, each once, sorted. */
function regionIdsOf({ accounts }: AccountScope): readonly string[] {
  return [...new Set(accounts.flatMap(({ regionIds }) => regionIds))].toSorted(compareIds);
}

/** @throws {@link CredentialsError} when STS refuses the credentials */
async function identify(
  cloud: Cloud,
  homeRegionId: string,
  { policy, deadline }: Omit<ReadOptions, "gate">,
): Promise<{ readonly caller: Caller | null; readonly callerFailure: CallerFailure | null }> {
  try {
    const caller = await askCallerIdentity(cloud, [homeRegionId], policy, deadline);
    return { caller, callerFailure: null };
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    const { code, message } = error;
    if (code === "CREDENTIALS_INVALID") throw new CredentialsError(message, { cause: error });
    return { caller: null, callerFailure: { code, message } };
  }
}

/** The same organization, which calls a function when a role was assumed. */
function watchRoles(organization: Organization, onAssumed: () => void): Organization {
  return {
    listMembers: async (token, limit) => organization.listMembers(token, limit),
    getManagementAccount: async (limit) => organization.getManagementAccount(limit),
    assumeRole: async (role, regionId, limit) => {
      const session = await organization.assumeRole(role, regionId, limit);
      onAssumed();
      return session;
    },
  };
}

/**
 * To be called where nothing has accepted the credentials: a session of a role that is refused says nothing
 * of them.
 *
 * @throws {@link CredentialsError} when every region and every role was refused for the credentials' sake
 */
function assertNotAllRefused(findings: readonly Finding[]): void {
  const [first] = findings;
  if (first === undefined) return;
  if (findings.every(({ reason }) => reason.code === "CREDENTIALS_INVALID")) {
    throw new CredentialsError(first.reason.message);
  }
}

function accountsOf({
  accounts,
  skipped,
}: AccountScope): readonly (AuditedAccount | SkippedAccount)[] {
  const audited = accounts.map(({ id, name, role, regionIds }): AuditedAccount => ({
    id,
    ...(name !== null && { name }),
    ...(role !== null && { roleArn: roleArnOf(role) }),
    regions: regionIds,
    status: "audited",
  }));
  return [...audited, ...skipped].toSorted((a, b) => compareIds(a.id, b.id));
}
