import { tokenPage } from "../paging.ts";
import type { Action } from "../world.ts";
import { askedRegion } from "./asked-region.ts";

/** @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describenetworkinterfaces */
export const describeNetworkInterfaces: Action = {
  version: "2014-05-26",
  answer(call) {
    const region = askedRegion(call);
    if ("status" in region) return region;
    const all = region.networkInterfaces ?? [];
    const page = tokenPage(all, ({ networkInterfaceId }) => networkInterfaceId, call.query);
    if ("status" in page) return page;
    return {
      status: 200,
      body: {
        // Says nothing where pages are asked for by token.
        TotalCount: 0,
        NextToken: page.nextToken,
        NetworkInterfaceSets: {
          NetworkInterfaceSet: page.items.map((seed) => ({
            NetworkInterfaceId: seed.networkInterfaceId,
            VpcId: seed.vpcId,
            VSwitchId: seed.vSwitchId,
            Status: "InUse",
            Type: "Primary",
            ServiceManaged: false,
            OwnerId: call.accountId,
            Tags: { Tag: [] },
          })),
        },
      },
    };
  },
};
