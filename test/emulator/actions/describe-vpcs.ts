import { numberedPage } from "../paging.ts";
import type { Action } from "../world.ts";
import { askedRegion } from "./asked-region.ts";

const DEFAULT_PAGE_SIZE = 10;

/** @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-describevpcs */
export const describeVpcs: Action = {
  version: "2016-04-28",
  answer(call) {
    const region = askedRegion(call);
    if ("status" in region) return region;
    const page = numberedPage(region.vpcs ?? [], call.query, DEFAULT_PAGE_SIZE);
    if ("status" in page) return page;
    return {
      status: 200,
      body: {
        PageNumber: page.pageNumber,
        PageSize: page.pageSize,
        TotalCount: page.totalCount,
        Vpcs: {
          Vpc: page.items.map((seed) => ({
            RegionId: call.query.get("RegionId"),
            VpcId: seed.vpcId,
            VpcName: seed.name ?? "",
            // A number, also where that cannot hold all digits.
            OwnerId: Number(seed.ownerId ?? call.accountId),
            Status: "Available",
            IsDefault: false,
            CidrBlock: "192.168.0.0/16",
            EnabledIpv6: seed.enabledIpv6 ?? false,
            VSwitchIds: { VSwitchId: seed.vSwitchIds ?? [] },
            Tags: { Tag: [] },
          })),
        },
      },
    };
  },
};
