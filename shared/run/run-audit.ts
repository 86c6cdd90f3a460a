import type { Cloud } from "../audit/cloud.ts";
import { applyExemptions, type Exemption } from "../audit/exemption.ts";
import { type Report, sortFindings, summarize, type Trigger } from "../audit/report.ts";
import { summarizeRule } from "../audit/rule-card.ts";
import type { RetryPolicy } from "../retry/retry.ts";
import type { TimeBudget } from "../retry/time-budget.ts";
import { auditAccount, type AccountHooks, type AccountRequest } from "./audit-account.ts";

/** Retries of throttling and transient faults: waits of up to 200, 400 and 800 ms, or as the service asks. */
export const CLOUD_RETRY_POLICY: RetryPolicy = {
  maxAttempts: 4,
  baseDelayMs: 200,
  maxDelayMs: 5_000,
};

export interface AuditRequest extends AccountRequest {
  readonly runId: string;
  readonly trigger: Trigger;
  readonly tool: { readonly name: string; readonly version: string };
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
  readonly clock: () => Date;
  /** @default {@link CLOUD_RETRY_POLICY} */
  readonly retryPolicy?: RetryPolicy;
}

/**
 * Audits the whole scope. The report is complete even if the deadline ends the run: what could not be
 * read is `INSUFFICIENT_DATA`.
 *
 * @throws `ScopeError` when the regions could not be resolved
 * @throws `CredentialsError` when the credentials are refused
 */
export async function runAudit(
  request: AuditRequest,
  dependencies: AuditDependencies,
): Promise<Report> {
  const { cloud, clock, retryPolicy: policy = CLOUD_RETRY_POLICY } = dependencies;
  const { rules, timeoutMs, attemptTimeoutMs, deadline } = request;
  const startedAt = clock().toISOString();
  const limits = { policy, timeoutMs, attemptTimeoutMs, deadline, clock };
  const account = await auditAccount(cloud, request, limits, dependencies);
  const { accountId, regionIds: regions } = account;
  const sorted = sortFindings(account.findings);
  const { findings, warnings: problems } = applyExemptions(sorted, request.exemptions, startedAt);
  const warnings = [...(account.assumed ? [assumedWarning(accountId)] : []), ...problems];
  return {
    schemaVersion: 1,
    tool: request.tool,
    runId: request.runId,
    trigger: request.trigger,
    startedAt,
    finishedAt: clock().toISOString(),
    caller: account.caller,
    ...(account.assumed && { accountAssumed: true }),
    scope: { accounts: [accountId], regions },
    rules: rules.map(summarizeRule),
    accounts: [{ id: accountId, regions, status: "audited" }],
    summary: summarize(findings),
    findings,
    ...(warnings.length > 0 && { warnings }),
  };
}

function assumedWarning(accountId: string): string {
  return `Whose account this is could not be learnt, so it is taken to be ${accountId}, which the state is of. Nothing is said to be over until the account is known. Look at the network to STS.`;
}
