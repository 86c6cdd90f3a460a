import { numberedPage } from "../paging.ts";
import type { Action, FlowLogSeed } from "../world.ts";
import { askedRegion } from "./asked-region.ts";

const DEFAULT_PAGE_SIZE = 20;

/**
 * Numbers and the success are texts here.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-describeflowlogs
 */
export const describeFlowLogs: Action = {
  version: "2016-04-28",
  answer(call) {
    const region = askedRegion(call);
    if ("status" in region) return region;
    const page = numberedPage(region.flowLogs ?? [], call.query, DEFAULT_PAGE_SIZE);
    if ("status" in page) return page;
    return {
      status: 200,
      body: {
        Success: "true",
        PageNumber: String(page.pageNumber),
        PageSize: String(page.pageSize),
        TotalCount: String(page.totalCount),
        FlowLogs: { FlowLog: page.items.map((seed) => itemOf(seed, call.query.get("RegionId"))) },
      },
    };
  },
};

function itemOf(seed: FlowLogSeed, regionId: string | null) {
  const { deliverStatus = "SUCCESS", deliverError } = seed;
  return {
    RegionId: regionId,
    FlowLogId: seed.flowLogId,
    FlowLogName: "",
    Description: "",
    CreationTime: "2026-01-05T08:00:00Z",
    ResourceType: seed.resourceType,
    ResourceId: seed.resourceId,
    Status: seed.status ?? "Active",
    TrafficType: seed.trafficType ?? "All",
    TrafficPath: { TrafficPathList: seed.trafficPaths ?? ["all"] },
    IpVersion: seed.ipVersion ?? "IPv4",
    AggregationInterval: 10,
    BusinessStatus: seed.businessStatus ?? "Normal",
    ...(deliverStatus !== null && { FlowLogDeliverStatus: deliverStatus }),
    ...(deliverError !== undefined && { FlowLogDeliverErrorMessage: deliverError }),
    ServiceType: seed.serviceType ?? "",
    ProjectName: seed.projectName ?? "flow-logs",
    LogStoreName: seed.logStoreName ?? "vpc",
    Tags: { Tag: [] },
  };
}
