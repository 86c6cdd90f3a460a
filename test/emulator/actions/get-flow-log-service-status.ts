import { errorAnswer } from "../answer.ts";
import type { Action } from "../world.ts";
import { askedRegion } from "./asked-region.ts";

const CLIENT_TOKEN = /^[\x21-\x7e]{1,64}$/;

/** @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-getflowlogservicestatus */
export const getFlowLogServiceStatus: Action = {
  version: "2016-04-28",
  answer(call) {
    const { query, change } = call;
    const clientToken = query.get("ClientToken");
    if (clientToken !== null && !CLIENT_TOKEN.test(clientToken)) {
      return errorAnswer(400, "InvalidParameter", "The parameter ClientToken is not valid.");
    }
    const region = askedRegion(call);
    if ("status" in region) return region;
    const regionId = query.get("RegionId") ?? "";
    const { activated, readsLeft } = region;
    if (activated || readsLeft === undefined) return { status: 200, body: { Enabled: activated } };
    change(regionId, { readsLeft: readsLeft - 1, activated: readsLeft <= 1 });
    return { status: 200, body: { Enabled: readsLeft <= 1 } };
  },
  faultFor: ({ regions, query }) => regions[query.get("RegionId") ?? ""]?.fault,
};
