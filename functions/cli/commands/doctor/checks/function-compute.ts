import { isRegionId } from "../../../../../shared/audit/scope.ts";
import type { Deployment } from "../../../deployment.ts";
import type { Check, SetUp } from "../check.ts";
import { ok, problem, skipped } from "../outcome.ts";
import { reachHost, shownHost } from "../reach-host.ts";

/**
 * Function Compute, where the deployed function is: whether its endpoint can be reached. The function is
 * not invoked, because that would be an audit.
 */
export function functionCheck({ regionId, auditFunction }: Deployment): Check {
  return {
    id: "function",
    title: "Function Compute",
    needs: ["identity"],
    run: async ({ config, learnt, transport }, within) => {
      if (regionId === null || !isRegionId(regionId)) {
        return problem("REGION_INVALID", "DEPLOY_REGION is not a region id.", {
          fix: "Set DEPLOY_REGION, for example to cn-hangzhou.",
        });
      }
      const target = targetOf(regionId, learnt.caller?.accountId, config);
      if (target === null) {
        return skipped(
          "NOT_TRIED",
          "Not tried: the account, which is part of the host's name, is not known.",
        );
      }
      await reachHost(target, transport, within);
      return ok(
        `${shownHost(target)} is reached. Whether ${auditFunction} is there and may be invoked, flowlog-guard audit --remote says.`,
      );
    },
  };
}

/** @see https://www.alibabacloud.com/help/en/functioncompute/fc/developer-reference/api-fc-2023-03-30-endpoint */
function targetOf(
  regionId: string,
  accountId: string | undefined,
  { endpoints }: SetUp["config"],
): URL | null {
  if (endpoints.fc !== null) {
    return new URL(`${endpoints.fc.protocol.toLowerCase()}://${endpoints.fc.host}`);
  }
  return accountId === undefined
    ? null
    : new URL(`https://${accountId}.${regionId}.fc.aliyuncs.com`);
}
