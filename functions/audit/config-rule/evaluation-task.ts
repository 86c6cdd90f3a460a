import { isAccountId } from "../../../shared/audit/account-selector.ts";
import type { EvaluatedResource } from "../../../shared/audit/compliance-evaluation.ts";
import { ConfigError } from "../../../shared/audit/run-error.ts";
import { isRegionId } from "../../../shared/audit/scope.ts";
import type { RuleId } from "../../../shared/rules/rule-ids.ts";
import { loadRules } from "../../../shared/rules/rules.ts";
import { VPC_TYPE } from "../../../shared/rules/vpc-card.ts";
import type { ConfigEvent } from "./read-config-event.ts";
import type { RuleParameters } from "./read-rule-parameters.ts";

/** The type of an account, which managed rules about an account as a whole use too. */
export const ACCOUNT_TYPE = "ACS::::Account";

/** What an event asks for: the result of one resource by one rule. */
export interface EvaluationTask {
  /** `"account"`: all regions of an account. `"vpc"`: one VPC. */
  readonly scope: "account" | "vpc";
  readonly ruleId: RuleId;
  /** See {@link RuleParameters}. */
  readonly evaluateRegions: boolean;
  readonly resource: EvaluatedResource;
}

/** Where Cloud Config keeps what is of no region. */
const GLOBAL_REGION = "global";

/** The rule of a scope whose parameters name none. */
const DEFAULT_RULE = {
  account: "flow-log-service-activated",
  vpc: "vpc-flow-log-active",
} as const satisfies Record<EvaluationTask["scope"], RuleId>;

/**
 * Decides what is evaluated. An event without a resource is about the account.
 *
 * @throws {@link ConfigError} when the resource is of another type, or the parameters are not about it
 */
export async function evaluationTask(
  { accountId, item }: ConfigEvent,
  { ruleId, evaluateRegions }: RuleParameters,
): Promise<EvaluationTask> {
  if (item === null || item.resourceType === ACCOUNT_TYPE) {
    const { resourceId = accountId, resourceName, regionId } = item ?? {};
    if (isAccountId(resourceId) && resourceId !== accountId) {
      throw new ConfigError([
        "event.invokingEvent.configurationItem: names two accounts, as resourceId and as accountId",
      ]);
    }
    const resource = {
      accountId,
      resourceType: ACCOUNT_TYPE,
      resourceId,
      resourceName: resourceName || accountId,
      regionId: regionId || GLOBAL_REGION,
    };
    return {
      scope: "account",
      ruleId: ruleId ?? DEFAULT_RULE.account,
      evaluateRegions,
      resource,
    };
  }
  const { resourceType, resourceId, resourceName, regionId } = item;
  if (resourceType !== VPC_TYPE) {
    throw new ConfigError([
      `event.invokingEvent.configurationItem.resourceType: is neither ${ACCOUNT_TYPE} nor ${VPC_TYPE}: correct ResourceTypesScope of the rule in Cloud Config`,
    ]);
  }
  if (!isRegionId(regionId) || !/^[\w-]{1,128}$/.test(resourceId)) {
    throw new ConfigError([
      "event.invokingEvent.configurationItem: does not name a VPC by regionId and resourceId",
    ]);
  }
  if (evaluateRegions) {
    throw new ConfigError([
      "event.ruleParameters.evaluateRegions: is for rules about accounts, and this event is about a VPC",
    ]);
  }
  await assertAboutVpcs(ruleId);
  return {
    scope: "vpc",
    ruleId: ruleId ?? DEFAULT_RULE.vpc,
    evaluateRegions,
    resource: {
      accountId,
      resourceType,
      resourceId,
      resourceName: resourceName || resourceId,
      regionId,
    },
  };
}

async function assertAboutVpcs(ruleId: RuleId | null): Promise<void> {
  if (ruleId === null) return;
  const [rule] = await loadRules([ruleId]);
  if (typeof rule?.subject === "object" && rule.subject.type === VPC_TYPE) return;
  throw new ConfigError([
    `event.ruleParameters.rule: ${ruleId} is not about VPCs: name one that is, or set ResourceTypesScope of the rule in Cloud Config to ${ACCOUNT_TYPE}`,
  ]);
}
