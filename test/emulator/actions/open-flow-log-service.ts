import { errorAnswer } from "../answer.ts";
import type { Action } from "../world.ts";
import { askedRegion } from "./asked-region.ts";

const CLIENT_TOKEN = /^[\x21-\x7e]{1,64}$/;

/** @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-openflowlogservice */
export const openFlowLogService: Action = {
  version: "2016-04-28",
  changes: true,
  answer(call) {
    const { query, change } = call;
    const region = askedRegion(call);
    if ("status" in region) return region;
    const regionId = query.get("RegionId") ?? "";
    if (!CLIENT_TOKEN.test(query.get("ClientToken") ?? "")) {
      return errorAnswer(400, "InvalidParameter", "The parameter ClientToken is not valid.");
    }
    const { activated, readsUntilActivated = 1, openedMeanwhile } = region;
    if (openedMeanwhile !== undefined) change(regionId, { activated: true });
    if (openedMeanwhile === "server-error") return errorAnswer(500, "InternalError", "您已开通过");
    if (activated || region.readsLeft !== undefined || openedMeanwhile !== undefined) {
      return errorAnswer(
        400,
        "OperationFailed.ExceedPurchaseLimit",
        "You have reached the limit of purchase quantity.",
      );
    }
    change(
      regionId,
      readsUntilActivated <= 1 ? { activated: true } : { readsLeft: readsUntilActivated },
    );
    return { status: 200, body: { Code: "200", Message: "successful" } };
  },
};
