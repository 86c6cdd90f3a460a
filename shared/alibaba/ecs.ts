import * as v from "valibot";

import type { Answer, CallLimit, TokenPage } from "../audit/cloud.ts";
import type { NetworkInterface } from "../audit/flow-log.ts";
import { optionalText, resourceId } from "./answer-fields.ts";
import { ecsHost } from "./ecs-endpoints.ts";
import { askRpc } from "./sdk/ask-rpc.ts";
import type { ClientTarget } from "./sdk/ask.ts";

/** The most that a page can have. */
const MAX_RESULTS = 500;

const NetworkInterfaceItem = v.pipe(
  v.object({ NetworkInterfaceId: resourceId, VpcId: resourceId, VSwitchId: resourceId }),
  v.transform((item): NetworkInterface => ({
    networkInterfaceId: item.NetworkInterfaceId,
    vpcId: item.VpcId,
    vSwitchId: item.VSwitchId,
  })),
);

/** Without the total, which says nothing where pages are asked for by token. */
const NetworkInterfaces = v.object({
  RequestId: v.optional(v.string()),
  NextToken: optionalText,
  NetworkInterfaceSets: v.object({
    NetworkInterfaceSet: v.pipe(v.array(NetworkInterfaceItem), v.maxLength(MAX_RESULTS)),
  }),
});

/**
 * A page of a region's network interfaces.
 *
 * @param token - that of the page before; null for the first page
 * @throws `CallError`, and no other error
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describenetworkinterfaces
 */
export async function listNetworkInterfaces(
  target: ClientTarget,
  regionId: string,
  token: string | null,
  limit: CallLimit,
): Promise<Answer<TokenPage<NetworkInterface>>> {
  const query = {
    MaxResults: String(MAX_RESULTS),
    ...(token !== null && { NextToken: token }),
    RegionId: regionId,
  };
  const endpoint = target.endpoint ?? { host: ecsHost(regionId), protocol: "HTTPS" };
  const { value, exchange } = await askRpc(
    {
      product: "ecs",
      operation: "DescribeNetworkInterfaces",
      version: "2014-05-26",
      query,
      // VPCs of the region were listed before, so the region exists.
      hostProvesRegion: false,
    },
    { ...target, endpoint },
    NetworkInterfaces,
    limit,
  );
  const { NetworkInterfaceSets: sets, NextToken: nextToken = null } = value;
  return { value: { items: sets.NetworkInterfaceSet, nextToken }, exchange };
}
