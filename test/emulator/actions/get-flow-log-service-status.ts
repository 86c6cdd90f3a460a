import { errorAnswer } from "../answer.ts";
import type { Action } from "../world.ts";

const CLIENT_TOKEN = /^[\x21-\x7e]{1,64}$/;

/** @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-getflowlogservicestatus */
export const getFlowLogServiceStatus: Action = {
  version: "2016-04-28",
  answer({ world, query }) {
    const clientToken = query.get("ClientToken");
    if (clientToken !== null && !CLIENT_TOKEN.test(clientToken)) {
      return errorAnswer(400, "InvalidParameter", "The parameter ClientToken is not valid.");
    }
    const region = world.regions[query.get("RegionId") ?? ""];
    if (region === undefined) {
      return errorAnswer(404, "InvalidRegionId.NotFound", "The specified RegionId does not exist.");
    }
    return { status: 200, body: { Enabled: region.activated } };
  },
  faultFor: ({ world, query }) => world.regions[query.get("RegionId") ?? ""]?.fault,
};
