import type { Cloud } from "../audit/cloud.ts";
import { UNKNOWN_ACCOUNT } from "../audit/report.ts";
import { DEFAULT_RULE_SETTINGS } from "../audit/rule-settings.ts";
import { ConfigError, CredentialsError } from "../audit/run-error.ts";
import { DEFAULT_RULE_IDS } from "../rules/rule-ids.ts";
import { loadRules } from "../rules/rules.ts";
import { CloudRegionReader } from "../run/region-reader.ts";
import {
  type AuditDependencies,
  type AuditRequest,
  CLOUD_RETRY_POLICY,
  runAudit,
} from "../run/run-audit.ts";
import { checkRegion } from "./check-region.ts";
import { type LogStoreTemplate, namesAccount, problemsOfNames } from "./log-store-template.ts";
import { FLOW_LOG_RULE_ID, makePlan } from "./make-plan.ts";
import type { Plan } from "./plan.ts";

export interface PlanRequest extends Omit<AuditRequest, "rules" | "settings" | "accounts"> {
  /** Where new flow logs deliver to; null where none are to be created. */
  readonly logStore: LogStoreTemplate | null;
}

/**
 * Audits the scope, and makes the plan of what is to be changed. It changes nothing. Where flow logs are
 * to be created, their log stores are looked up, and regions without them are left out.
 *
 * @throws {@link ConfigError} when the name of a project or log store is invalid once it is filled in
 * @throws {@link CredentialsError} when the names depend on the account, which could not be identified
 * @throws `ScopeError` and `CredentialsError` as {@link runAudit} does
 */
export async function readPlan(
  { logStore, ...request }: PlanRequest,
  dependencies: AuditDependencies,
): Promise<Plan> {
  const ruleIds = logStore === null ? DEFAULT_RULE_IDS : [...DEFAULT_RULE_IDS, FLOW_LOG_RULE_ID];
  const rules = await loadRules(ruleIds);
  const report = await runAudit(
    // Only the account of the credentials is ever changed.
    { ...request, accounts: null, rules, settings: DEFAULT_RULE_SETTINGS },
    dependencies,
  );
  const plan = makePlan(report, logStore);
  if (logStore !== null && namesAccount(logStore) && plan.accountId === UNKNOWN_ACCOUNT) {
    throw new CredentialsError(
      "The account could not be identified, so {account} cannot be filled in. Check the network to STS, and run it again.",
    );
  }
  assertNames(plan);
  return checkRegions(plan, dependencies.cloud, request, dependencies);
}

/** @throws {@link ConfigError} */
function assertNames({ entries }: Plan): void {
  const problems = entries.flatMap((entry) => {
    if (entry.action !== "create-flow-log") return [];
    const { project, logStore } = problemsOfNames(entry);
    return [
      ...(project === null ? [] : [`--project: in ${entry.regionId} ${project}`]),
      ...(logStore === null ? [] : [`--logstore: in ${entry.regionId} ${logStore}`]),
    ];
  });
  if (problems.length > 0) throw new ConfigError([...new Set(problems)]);
}

async function checkRegions(
  plan: Plan,
  cloud: Cloud,
  request: Omit<PlanRequest, "logStore">,
  { clock, retryPolicy: policy = CLOUD_RETRY_POLICY }: AuditDependencies,
): Promise<Plan> {
  const { timeoutMs, attemptTimeoutMs, deadline } = request;
  const limits = { policy, timeoutMs, attemptTimeoutMs, deadline, clock };
  let checked = plan;
  const regionIds = new Set(
    [...plan.entries, ...plan.notChanged].map(({ regionId }) => regionId).toSorted(),
  );
  for (const regionId of regionIds) {
    const reader = new CloudRegionReader(cloud, regionId, async () => null, limits);
    try {
      checked = await checkRegion(checked, reader);
    } finally {
      reader.release();
    }
  }
  return checked;
}
