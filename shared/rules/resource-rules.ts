import { flowLogRetention } from "./flow-log-retention.ts";
import type { Rule } from "./rule.ts";
import { vpcFlowLogActive } from "./vpc-flow-log-active.ts";
import { vpcFlowLogComplete } from "./vpc-flow-log-complete.ts";
import { vpcFlowLogDelivered } from "./vpc-flow-log-delivered.ts";

/** The rules about resources. */
export const RESOURCE_RULES: readonly Rule[] = [
  vpcFlowLogActive,
  vpcFlowLogComplete,
  vpcFlowLogDelivered,
  flowLogRetention,
];
