import type { Answer, CallLimit, Cloud } from "../../../../../shared/audit/cloud.ts";
import { retry } from "../../../../../shared/retry/retry.ts";
import { firstTarget } from "../../../../../shared/rules/log-target.ts";
import type { Rule } from "../../../../../shared/rules/rule.ts";
import { CLOUD_RETRY_POLICY } from "../../../../../shared/run/run-audit.ts";
import { type Check, found, type Learnt } from "../check.ts";
import { memberPolicy, outcomeOfError } from "../outcome-of-error.ts";
import { ok, skipped } from "../outcome.ts";

/** Milliseconds for one attempt. */
const ATTEMPT_TIMEOUT_MS = 5_000;

/** How a permission is tried: by one call. */
interface Probe {
  readonly title: string;
  /** Actions whose answers it needs. @default none */
  readonly needs?: readonly string[];
  /**
   * @returns null where there is nothing to ask for
   */
  readonly ask: (
    cloud: Cloud,
    regionId: string,
    limit: CallLimit,
    learnt: Learnt,
  ) => Promise<Answer<unknown>> | null;
}

/** By the action of RAM; all that the cards of rules name, in the order in which they are shown. */
export const PROBES: Readonly<Record<string, Probe>> = {
  "vpc:GetFlowLogServiceStatus": {
    title: "Flow log service",
    ask: async (cloud, regionId, limit) => cloud.isFlowLogServiceActivated(regionId, limit),
  },
  "vpc:DescribeVpcs": {
    title: "VPCs",
    ask: async (cloud, regionId, limit) => cloud.listVpcs(regionId, 1, limit),
  },
  "vpc:DescribeFlowLogs": {
    title: "Flow logs",
    ask: async (cloud, regionId, limit, learnt) => {
      const answer = await cloud.listFlowLogs(regionId, 1, limit);
      learnt.logTarget = firstTarget(answer.value.items);
      return answer;
    },
  },
  "ecs:DescribeNetworkInterfaces": {
    title: "Network interfaces",
    ask: async (cloud, regionId, limit) => cloud.listNetworkInterfaces(regionId, null, limit),
  },
  "log:GetLogStore": {
    title: "Log store",
    needs: ["vpc:DescribeFlowLogs"],
    ask: (cloud, regionId, limit, { logTarget }) =>
      logTarget === null || logTarget === undefined
        ? null
        : cloud.getLogStore(regionId, logTarget.projectName, logTarget.logStoreName, limit),
  },
};

/**
 * A check for each permission that the rules need: one call in one region. With other accounts in scope,
 * as the role of one of them.
 */
export function serviceChecks(rules: readonly Rule[], inMember: boolean): readonly Check[] {
  const needed = new Set(
    rules.flatMap(({ permissions }) => permissions.map(({ action }) => action)),
  );
  return Object.entries(PROBES)
    .filter(([action]) => needed.has(action))
    .map(([action, probe]) => serviceCheck(action, probe, inMember));
}

function serviceCheck(action: string, { title, needs = [], ask }: Probe, inMember: boolean): Check {
  return {
    id: action,
    title,
    needs: ["regions", ...(inMember ? ["member-role"] : []), ...needs],
    run: async ({ learnt }, within) => {
      const [cloud, regionId] = [found(learnt.cloud), found(learnt.regionId)];
      const where = learnt.member === undefined ? "" : ` of account ${learnt.member.id}`;
      try {
        const answer = await retry(
          async (_attempt, limit) => ask(cloud, regionId, limit, learnt),
          CLOUD_RETRY_POLICY,
          within,
          ATTEMPT_TIMEOUT_MS,
        );
        if (answer === null) {
          return skipped(
            "NOTHING_TO_ASK",
            `Not tried: among the first flow logs in ${regionId}${where} none names a log store.`,
          );
        }
        return ok(`${action} answers in ${regionId}${where}.`, { exchange: answer.exchange });
      } catch (error) {
        return learnt.member === undefined
          ? outcomeOfError(error)
          : outcomeOfError(error, memberPolicy(learnt));
      }
    },
  };
}
