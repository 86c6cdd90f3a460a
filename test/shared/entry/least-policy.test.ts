import { expect, test } from "vitest";

import type { Permission } from "../../../shared/audit/permission.ts";
import { DEFAULT_CONFIG } from "../../../shared/config/config.ts";
import { leastPolicy } from "../../../shared/entry/least-policy.ts";
import { flowLogServiceActivated } from "../../../shared/rules/flow-log-service-activated.ts";
import type { Rule } from "../../../shared/rules/rule.ts";
import { SAMPLE_RULE } from "../../harness/sample-rule.ts";

function ruleWith(...permissions: readonly Permission[]): Rule {
  return { ...SAMPLE_RULE, permissions };
}

const VPCS: Permission = { action: "vpc:DescribeVpcs", resource: (id) => `acs:vpc:*:${id}:vpc/*` };
const FLOW_LOGS: Permission = { action: "vpc:DescribeFlowLogs", resource: () => "*" };
const CONFIG = { ...DEFAULT_CONFIG, regions: ["cn-a"] };

test("what several rules need is in the policy once, in the order of the rules", () => {
  const rules = [ruleWith(VPCS), ruleWith(FLOW_LOGS, VPCS), ruleWith({ ...VPCS })];
  expect(leastPolicy(CONFIG, rules, "123").Statement).toEqual([
    { Effect: "Allow", Action: "vpc:DescribeVpcs", Resource: "acs:vpc:*:123:vpc/*" },
    { Effect: "Allow", Action: "vpc:DescribeFlowLogs", Resource: "*" },
  ]);
});

test("the same action on other resources is another statement", () => {
  const narrower: Permission = { ...VPCS, resource: () => "acs:vpc:*:*:vpc/vpc-1" };
  const { Statement } = leastPolicy(CONFIG, [ruleWith(VPCS), ruleWith(narrower)], "*");
  expect(Statement.map(({ Resource }) => Resource)).toEqual([
    "acs:vpc:*:*:vpc/*",
    "acs:vpc:*:*:vpc/vpc-1",
  ]);
});

test("a rule that is not chosen needs nothing", () => {
  const { Statement } = leastPolicy(DEFAULT_CONFIG, [ruleWith(FLOW_LOGS)], "*");
  expect(Statement.map(({ Action }) => Action)).toEqual([
    "vpc:DescribeFlowLogs",
    "vpc:DescribeRegions",
  ]);
  const activation = leastPolicy(CONFIG, [flowLogServiceActivated], "*").Statement;
  expect(activation.map(({ Action }) => Action)).toEqual(["vpc:GetFlowLogServiceStatus"]);
});
