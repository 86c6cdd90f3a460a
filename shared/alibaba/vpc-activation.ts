import VpcSdk from "@alicloud/vpc20160428";
import * as v from "valibot";

import type { Activator, NewFlowLog } from "../audit/activator.ts";
import { CallError } from "../audit/call-error.ts";
import type { Answer, CallLimit } from "../audit/cloud.ts";
import { vpcEndpoint } from "../service/endpoints.ts";
import type { AlibabaCloudOptions } from "./alibaba-cloud.ts";
import { ask, type ClientTarget } from "./sdk/ask.ts";

/** `Code` and `Message` are judged with every answer. */
const Opened = v.object({ RequestId: v.optional(v.string()) });

/** The id becomes part of commands to copy. */
const Created = v.object({
  RequestId: v.optional(v.string()),
  FlowLogId: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)),
});

/** The code with which a region is refused that was activated before. */
const ALREADY_OPEN = "OperationFailed.ExceedPurchaseLimit";

export type ActivationOptions = Pick<
  AlibabaCloudOptions,
  "credentials" | "endpoints" | "userAgent" | "transport"
>;

/** Changes VPC flow logs through the official SDK. Every method makes one attempt. */
export class VpcActivation implements Activator {
  readonly #options: ActivationOptions;

  constructor(options: ActivationOptions) {
    this.#options = options;
  }

  /** @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-openflowlogservice */
  async openFlowLogService(
    regionId: string,
    clientToken: string,
    limit: CallLimit,
  ): Promise<Answer<"opened" | "already-open">> {
    const request = new VpcSdk.OpenFlowLogServiceRequest({ regionId, clientToken });
    try {
      const { exchange } = await ask(
        { action: "vpc:OpenFlowLogService" },
        this.#target(regionId),
        Opened,
        (client, runtime) => client.openFlowLogServiceWithOptions(request, runtime),
        limit,
      );
      return { value: "opened", exchange };
    } catch (error) {
      if (!(error instanceof CallError) || error.serviceCode !== ALREADY_OPEN) throw error;
      return { value: "already-open", exchange: error.exchange };
    }
  }

  /** @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-createflowlog */
  async createFlowLog(
    regionId: string,
    { vpcId, ...names }: NewFlowLog,
    limit: CallLimit,
  ): Promise<Answer<string>> {
    const request = new VpcSdk.CreateFlowLogRequest({
      regionId,
      resourceType: "VPC",
      resourceId: vpcId,
      trafficType: "All",
      trafficPath: ["all"],
      ...names,
    });
    const { value, exchange } = await ask(
      { action: "vpc:CreateFlowLog", explain: explainRefusal },
      this.#target(regionId),
      Created,
      (client, runtime) => client.createFlowLogWithOptions(request, runtime),
      limit,
    );
    return { value: value.FlowLogId, exchange };
  }

  #target(regionId: string): ClientTarget {
    const { credentials, userAgent, transport, endpoints } = this.#options;
    const endpoint = vpcEndpoint(regionId, endpoints);
    return { credentials, userAgent, transport, endpoint, regionId };
  }
}

const DENIED_OR_THROTTLED = /^(Forbbiden|Forbidden|NoPermission|Throttling)(\.|$)/;
const QUOTA = /quota|exceed|limit/i;

/**
 * Not every code of a refusal is documented, so the sentence names the known causes.
 *
 * @see https://www.alibabacloud.com/help/doc-detail/215802.htm
 */
function explainRefusal(code: string, detail: string): string | null {
  if (DENIED_OR_THROTTLED.test(code) || detail.startsWith("(HTTP 403")) return null;
  if (QUOTA.test(code)) {
    return `The service refused the flow log ${detail}: a quota is used up. Raise it in the console under Quota Center, or delete flow logs that are not needed.`;
  }
  return `The service refused the flow log ${detail}. A VPC with instances of old families, such as ecs.n1 or ecs.c4, cannot have one: change their types. For other codes see https://api.alibabacloud.com/troubleshoot.`;
}
