import { errorAnswer } from "../answer.ts";
import type { Action } from "../world.ts";
import { askedRegion } from "./asked-region.ts";

const PROJECT_NAME = /^[a-z\d][a-z\d-]{1,61}[a-z\d]$/;
const LOG_STORE_NAME = /^[a-z\d][a-z\d_-]{1,61}[a-z\d]$/;

/** How the ids of created flow logs begin. */
export const CREATED_PREFIX = "fl-created-";

/** @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-createflowlog */
export const createFlowLog: Action = {
  version: "2016-04-28",
  changes: true,
  answer(call) {
    const { query, change } = call;
    const region = askedRegion(call);
    if ("status" in region) return region;
    const regionId = query.get("RegionId") ?? "";
    const resourceId = query.get("ResourceId") ?? "";
    const resourceType = query.get("ResourceType") ?? "";
    const trafficType = query.get("TrafficType") ?? "";
    const projectName = query.get("ProjectName") ?? "";
    const logStoreName = query.get("LogStoreName") ?? "";
    if (!PROJECT_NAME.test(projectName) || !LOG_STORE_NAME.test(logStoreName)) {
      return errorAnswer(400, "IllegalParam.ProjectName", "The name is not valid.");
    }
    const isThere = region.vpcs?.some(({ vpcId }) => vpcId === resourceId) ?? false;
    if (resourceType !== "VPC" || trafficType === "" || !isThere) {
      return errorAnswer(400, "InvalidParameter", "A parameter is not valid.");
    }
    const refusal = region.flowLogRefusals?.[resourceId];
    if (refusal !== undefined) return errorAnswer(400, refusal, "The flow log was refused.");
    const { flowLogs = [] } = region;
    const flowLogId = `${CREATED_PREFIX}${resourceId}-${flowLogs.length}`;
    const created = {
      flowLogId,
      resourceType,
      resourceId,
      trafficType,
      trafficPaths: [query.get("TrafficPath.1") ?? "all"],
      status: "Activating",
      deliverStatus: null,
      projectName,
      logStoreName,
    };
    change(regionId, { flowLogs: [...flowLogs, created] });
    return { status: 200, body: { Success: "true", FlowLogId: flowLogId } };
  },
};
