import type { AccountsRequest } from "../audit/account-scope.ts";
import type { Cloud } from "../audit/cloud.ts";
import { compareIds } from "../audit/compare-ids.ts";
import { applyExemptions, type Exemption } from "../audit/exemption.ts";
import type { Finding } from "../audit/finding.ts";
import type { Organization } from "../audit/organization.ts";
import {
  type AuditedAccount,
  type Report,
  type SkippedAccount,
  sortFindings,
  summarize,
  type Trigger,
} from "../audit/report.ts";
import { summarizeRule } from "../audit/rule-card.ts";
import type { RetryPolicy } from "../retry/retry.ts";
import type { TimeBudget } from "../retry/time-budget.ts";
import type { AuditAccountsElsewhere } from "./accounts/audit-organization.ts";
import { auditAccount, type AccountHooks, type AccountRequest } from "./audit-account.ts";
import type { ReadOptions } from "./region-reader.ts";

/**
 * Retries of throttling and transient faults: waits of up to 200, 400 and 800 ms and so on, or as the
 * service asks. The service counts the calls of a whole account, so that it may throttle one of them
 * several times before the account's pace is right.
 */
export const CLOUD_RETRY_POLICY: RetryPolicy = {
  maxAttempts: 4,
  maxThrottledAttempts: 10,
  baseDelayMs: 200,
  maxDelayMs: 5_000,
};

export interface AuditRequest extends AccountRequest {
  readonly runId: string;
  readonly trigger: Trigger;
  readonly tool: { readonly name: string; readonly version: string };
  /** Null where only the account of the credentials is audited. */
  readonly accounts: AccountsRequest | null;
  /** The region whose STS endpoint assumes roles. @default "cn-hangzhou" */
  readonly homeRegionId?: string;
  /** For the roles of accounts, from 1. @default `ROLES_PER_SECOND` */
  readonly stsCallsPerSecond?: number;
  readonly exemptions: readonly Exemption[];
  /** Milliseconds for one region: all attempts and the waits between them. */
  readonly timeoutMs: number;
  /** Milliseconds for one attempt at a region, or at the list of regions. */
  readonly attemptTimeoutMs: number;
  /** The time of the whole run. */
  readonly deadline: TimeBudget;
}

export interface AuditDependencies extends AccountHooks {
  readonly cloud: Cloud;
  /** Needed where the request has accounts. */
  readonly organization?: Organization | undefined;
  /** Audits the accounts of a request somewhere else. @default in this process */
  readonly auditAccounts?: AuditAccountsElsewhere | undefined;
  readonly clock: () => Date;
  /** @default {@link CLOUD_RETRY_POLICY} */
  readonly retryPolicy?: RetryPolicy;
}

/**
 * Audits the whole scope. The report is complete even if the deadline ends the run: what could not be
 * read is `INSUFFICIENT_DATA`.
 *
 * @throws `ScopeError` when the accounts or the regions could not be resolved
 * @throws `ConfigError` when an account of somebody else has no role
 * @throws `CredentialsError` when the credentials are refused
 */
export async function runAudit(
  request: AuditRequest,
  dependencies: AuditDependencies,
): Promise<Report> {
  const { clock } = dependencies;
  const startedAt = clock().toISOString();
  const { accounts, findings: all, ...audited } = await auditScope(request, dependencies);
  const { findings, warnings: problems } = applyExemptions(
    sortFindings(all),
    request.exemptions,
    startedAt,
  );
  const warnings = [...audited.warnings, ...problems];
  const inScope = accounts.filter(({ status }) => status === "audited");
  const regions = new Set(inScope.flatMap((account) => account.regions));
  return {
    schemaVersion: 1,
    tool: request.tool,
    runId: request.runId,
    trigger: request.trigger,
    startedAt,
    finishedAt: clock().toISOString(),
    caller: audited.caller,
    ...(audited.accountAssumed && { accountAssumed: true }),
    ...(audited.managementAccountUnknown && { managementAccountUnknown: true }),
    scope: {
      accounts: inScope.map(({ id }) => id),
      regions: [...regions].toSorted(compareIds),
    },
    rules: request.rules.map(summarizeRule),
    accounts,
    summary: summarize(findings),
    findings,
    ...(warnings.length > 0 && { warnings }),
  };
}

/** What was audited, of one account or of many. */
interface AuditedScope extends Pick<Report, "caller"> {
  readonly accountAssumed: boolean;
  readonly managementAccountUnknown: boolean;
  /** Sorted by id. */
  readonly accounts: readonly (AuditedAccount | SkippedAccount)[];
  /** In no order. */
  readonly findings: readonly Finding[];
  readonly warnings: readonly string[];
}

async function auditScope(
  request: AuditRequest,
  dependencies: AuditDependencies,
): Promise<AuditedScope> {
  const { cloud, organization, clock, retryPolicy: policy = CLOUD_RETRY_POLICY } = dependencies;
  const { accounts, timeoutMs, attemptTimeoutMs, deadline } = request;
  const limits = { policy, timeoutMs, attemptTimeoutMs, deadline, clock };
  if (accounts === null) return auditOwnAccount(request, dependencies, limits);
  if (organization === undefined) throw new Error("internal error: there is no organization");
  // Most runs audit one account, and start without this.
  const { auditOrganization } = await import("./accounts/audit-organization.ts");
  const { homeRegionId = DEFAULT_HOME_REGION_ID, ...rest } = request;
  const audited = await auditOrganization(
    { ...rest, accounts, homeRegionId },
    { ...dependencies, cloud, organization },
    limits,
  );
  return { ...audited, accountAssumed: false };
}

const DEFAULT_HOME_REGION_ID = "cn-hangzhou";

async function auditOwnAccount(
  request: AuditRequest,
  dependencies: AuditDependencies,
  limits: Omit<ReadOptions, "gate">,
): Promise<AuditedScope> {
  const { accountId, caller, assumed, regionIds, findings } = await auditAccount(
    dependencies.cloud,
    request,
    limits,
    dependencies,
  );
  return {
    caller,
    accountAssumed: assumed,
    managementAccountUnknown: false,
    accounts: [{ id: accountId, regions: regionIds, status: "audited" }],
    findings,
    warnings: assumed ? [assumedWarning(accountId)] : [],
  };
}

function assumedWarning(accountId: string): string {
  return `Whose account this is could not be learnt, so it is taken to be ${accountId}, which the state is of. Nothing is said to be over until the account is known. Look at the network to STS.`;
}
