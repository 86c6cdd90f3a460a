import * as v from "valibot";

import { type Answer, type CallLimit, type Page, PAGE_SIZE } from "../audit/cloud.ts";
import type { FlowLog, Vpc } from "../audit/flow-log.ts";
import { optionalText, requiredText, resourceId, wholeNumber } from "./answer-fields.ts";
import { isLogStoreName, isProjectName } from "./log-service-names.ts";
import { askRpc } from "./sdk/ask-rpc.ts";
import type { ClientTarget } from "./sdk/ask.ts";
import type { AnswerSchema } from "./sdk/read-answer.ts";

const ACCOUNT_ID = /^[1-9]\d{0,31}$/;

/**
 * An account's id, which the answer has as a number. Beyond 2^53 the number is rounded. What is no id
 * must not be taken for another account's: the VPC would be left out of every rule.
 */
const accountId = v.pipe(
  v.nullish(v.union([v.string(), v.number()]), ""),
  v.transform((id) => (ACCOUNT_ID.test(String(id)) ? String(id) : undefined)),
);

/** Undefined where the service does not say, which is all. Another form must not be taken for that. */
const TrafficPath = v.pipe(
  v.nullish(v.looseObject({ TrafficPathList: v.nullish(v.array(requiredText)) })),
  v.check((path) => {
    const { TrafficPathList: list, ...others } = path ?? {};
    return Array.isArray(list) || Object.keys(others).length === 0;
  }),
  v.transform((path) => path?.TrafficPathList),
);

/**
 * For information only, so a value that is none counts as missing. Not cast as the SDK's model does, for
 * which the text `"false"` is true.
 */
const optionalBoolean = v.pipe(
  v.fallback(v.nullish(v.union([v.boolean(), v.picklist(["true", "false"])]), false), false),
  v.transform((value) => String(value) === "true"),
);

const VpcItem = v.pipe(
  v.object({
    VpcId: resourceId,
    VpcName: optionalText,
    OwnerId: accountId,
    VSwitchIds: v.nullish(v.object({ VSwitchId: v.nullish(v.array(resourceId)) })),
    EnabledIpv6: optionalBoolean,
  }),
  v.transform((item): Vpc => ({
    vpcId: item.VpcId,
    name: item.VpcName,
    ownerId: item.OwnerId,
    vSwitchIds: item.VSwitchIds?.VSwitchId ?? undefined,
    enabledIpv6: item.EnabledIpv6,
  })),
);

/** A list that is absent or null is no empty list: the answer is malformed. */
const Vpcs = v.object({
  RequestId: v.optional(v.string()),
  TotalCount: wholeNumber,
  Vpcs: v.object({ Vpc: v.pipe(v.array(VpcItem), v.maxLength(PAGE_SIZE)) }),
});

const FlowLogItem = v.pipe(
  v.object({
    FlowLogId: resourceId,
    ResourceType: requiredText,
    ResourceId: resourceId,
    Status: requiredText,
    TrafficType: v.nullish(v.string(), ""),
    TrafficPath,
    IpVersion: optionalText,
    BusinessStatus: optionalText,
    FlowLogDeliverStatus: optionalText,
    FlowLogDeliverErrorMessage: optionalText,
    ServiceType: optionalText,
    ProjectName: optionalText,
    LogStoreName: optionalText,
  }),
  v.transform((item): FlowLog => ({
    flowLogId: item.FlowLogId,
    resourceType: item.ResourceType,
    resourceId: item.ResourceId,
    status: item.Status,
    trafficType: item.TrafficType,
    trafficPaths: item.TrafficPath ?? [],
    ipVersion: item.IpVersion,
    businessStatus: item.BusinessStatus,
    deliverStatus: item.FlowLogDeliverStatus,
    deliverError: item.FlowLogDeliverErrorMessage,
    serviceType: item.ServiceType,
    projectName: onlyIf(isProjectName, item.ProjectName),
    logStoreName: onlyIf(isLogStoreName, item.LogStoreName),
  })),
);

const FlowLogs = v.object({
  RequestId: v.optional(v.string()),
  TotalCount: wholeNumber,
  FlowLogs: v.object({ FlowLog: v.pipe(v.array(FlowLogItem), v.maxLength(PAGE_SIZE)) }),
});

function onlyIf(isValid: (text: string) => boolean, text: string | undefined): string | undefined {
  return text !== undefined && isValid(text) ? text : undefined;
}

/**
 * A page of a region's VPCs.
 *
 * @param pageNumber - from 1
 * @throws `CallError`, and no other error
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-describevpcs
 */
export async function listVpcs(
  target: ClientTarget,
  regionId: string,
  pageNumber: number,
  limit: CallLimit,
): Promise<Answer<Page<Vpc>>> {
  const asked = await askPage("DescribeVpcs", target, regionId, pageNumber, Vpcs, limit);
  const { TotalCount: totalCount, Vpcs: list } = asked.value;
  return { value: { items: list.Vpc, totalCount }, exchange: asked.exchange };
}

/**
 * A page of a region's flow logs.
 *
 * @param pageNumber - from 1
 * @throws `CallError`, and no other error
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-describeflowlogs
 */
export async function listFlowLogs(
  target: ClientTarget,
  regionId: string,
  pageNumber: number,
  limit: CallLimit,
): Promise<Answer<Page<FlowLog>>> {
  const asked = await askPage("DescribeFlowLogs", target, regionId, pageNumber, FlowLogs, limit);
  const { TotalCount: totalCount, FlowLogs: list } = asked.value;
  return { value: { items: list.FlowLog, totalCount }, exchange: asked.exchange };
}

/**
 * Asks for a page without the SDK's models, which would be loaded at each cold start, and which read an
 * absent list as none.
 */
async function askPage<S extends AnswerSchema>(
  operation: string,
  target: ClientTarget,
  regionId: string,
  pageNumber: number,
  schema: S,
  limit: CallLimit,
): Promise<Answer<v.InferOutput<S>>> {
  const query = {
    PageNumber: String(pageNumber),
    PageSize: String(PAGE_SIZE),
    RegionId: regionId,
  };
  return askRpc({ product: "vpc", operation, version: "2016-04-28", query }, target, schema, limit);
}
