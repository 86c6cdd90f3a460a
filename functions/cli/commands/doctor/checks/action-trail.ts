import { USER_AGENT } from "../../../../../shared/program/tool.ts";
import { retry } from "../../../../../shared/retry/retry.ts";
import { CLOUD_RETRY_POLICY } from "../../../../../shared/run/run-audit.ts";
import { type Check, found } from "../check.ts";
import { HISTORY_POLICY, outcomeOfError } from "../outcome-of-error.ts";
import { ok } from "../outcome.ts";

/** The last hour is enough to see whether the trail answers. */
const LOOK_BACK_MS = 3_600_000;
const ATTEMPT_TIMEOUT_MS = 5_000;

/** ActionTrail, which `history` asks who changed flow logs. */
export const actionTrail: Check = {
  id: "actiontrail:LookupEvents",
  title: "ActionTrail",
  needs: ["regions"],
  run: async ({ config, learnt, transport, runtime }, within) => {
    const { AlibabaTrail } = await import("../../../../../shared/alibaba/action-trail.ts");
    const credentials = found(learnt.credentials);
    const regionId = found(learnt.regionId);
    const { endpoints } = config;
    const trail = new AlibabaTrail({ credentials, endpoints, userAgent: USER_AGENT, transport });
    const toMs = runtime.clock().getTime();
    const query = {
      regionId,
      eventName: "CreateFlowLog" as const,
      fromMs: toMs - LOOK_BACK_MS,
      toMs,
    };
    try {
      const { exchange } = await retry(
        async (_attempt, limit) => trail.lookUpEvents(query, null, limit),
        CLOUD_RETRY_POLICY,
        within,
        ATTEMPT_TIMEOUT_MS,
      );
      return ok(`actiontrail:LookupEvents answers in ${regionId}.`, { exchange });
    } catch (error) {
      return outcomeOfError(error, HISTORY_POLICY);
    }
  },
};
