import { randomUUID } from "node:crypto";

import VpcSdk from "@alicloud/vpc20160428";
import * as v from "valibot";

import type { Answer, CallLimit, Region } from "../audit/cloud.ts";
import { isRegionId } from "../audit/scope.ts";
import { ask, type ClientTarget } from "./sdk/ask.ts";

/** `Enabled` must be a boolean: the SDK's model would cast `"false"` and 0 to one. */
export const FlowLogServiceStatus = v.object({
  RequestId: v.optional(v.string()),
  Enabled: v.boolean(),
});

/** For display only, so an invalid name counts as missing. */
const LocalName = v.fallback(
  v.optional(
    v.pipe(v.string(), v.nonEmpty(), v.maxLength(64), v.regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u)),
  ),
  undefined,
);

/** Region ids are checked because they become part of host names and of commands to copy. */
export const Regions = v.object({
  RequestId: v.optional(v.string()),
  Regions: v.object({
    Region: v.pipe(
      v.array(v.object({ RegionId: v.pipe(v.string(), v.check(isRegionId)), LocalName })),
      v.minLength(1),
    ),
  }),
});

/**
 * Whether the flow log service is activated in a region.
 *
 * @param runId - begins the ClientToken; ASCII, at most 47 characters
 * @throws `CallError`, and no other error
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-getflowlogservicestatus
 */
export async function isFlowLogServiceActivated(
  target: ClientTarget,
  regionId: string,
  runId: string,
  limit: CallLimit,
): Promise<Answer<boolean>> {
  const request = new VpcSdk.GetFlowLogServiceStatusRequest({
    regionId,
    clientToken: newClientToken(runId),
  });
  const { value, exchange } = await ask(
    { action: "vpc:GetFlowLogServiceStatus" },
    target,
    FlowLogServiceStatus,
    (client, runtime) => client.getFlowLogServiceStatusWithOptions(request, runtime),
    limit,
  );
  return { value: value.Enabled, exchange };
}

/**
 * The regions of the account.
 *
 * @param acceptLanguage - the language of the regions' names
 * @throws `CallError`, and no other error
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-describeregions
 */
export async function listRegions(
  target: ClientTarget,
  acceptLanguage: "zh-CN" | "en-US",
  limit: CallLimit,
): Promise<Answer<readonly Region[]>> {
  const { value, exchange } = await ask(
    { action: "vpc:DescribeRegions" },
    target,
    Regions,
    (client, runtime) =>
      client.describeRegionsWithOptions(
        new VpcSdk.DescribeRegionsRequest({ acceptLanguage }),
        runtime,
      ),
    limit,
  );
  const regions = value.Regions.Region.map(({ RegionId, LocalName }) => ({
    regionId: RegionId,
    localName: LocalName,
  }));
  return { value: regions, exchange };
}

/** Hexadecimal digits of a token. All but two bits of the last 16 digits of a UUID are random. */
const RANDOM_DIGITS = 16;

/**
 * A ClientToken that no other request uses, even if a run is repeated. It begins with the run's id, by
 * which an auditor finds the run's calls in ActionTrail.
 *
 * @param runId - ASCII, at most 47 characters, so that the token has at most 64
 */
export function newClientToken(runId: string): string {
  return `${runId}-${randomUUID()
    .slice(-RANDOM_DIGITS - 1)
    .replace("-", "")}`;
}
