import { $OpenApiUtil } from "@alicloud/openapi-core";
import VpcSdk from "@alicloud/vpc20160428";

import type { Answer, CallLimit, Cloud, Region } from "../audit/cloud.ts";
import type { Caller } from "../audit/report.ts";
import { CallerIdentity, FlowLogServiceStatus, Regions } from "./answers.ts";
import { ask, type ClientTarget } from "./ask.ts";
import { newClientToken } from "./client-token.ts";
import type { Credentials } from "../service/credentials.ts";
import { type Endpoint } from "../http/endpoint.ts";
import { type Endpoints, stsEndpoint } from "../service/endpoints.ts";
import type { Transport } from "../http/transport.ts";

const GET_CALLER_IDENTITY = new $OpenApiUtil.Params({
  action: "GetCallerIdentity",
  version: "2015-04-01",
  protocol: "HTTPS",
  pathname: "/",
  method: "POST",
  authType: "AK",
  style: "RPC",
  reqBodyType: "formData",
  bodyType: "json",
});

export interface AlibabaCloudOptions {
  readonly credentials: Credentials;
  readonly endpoints: Endpoints;
  /** The region whose endpoint is asked what regions there are. */
  readonly homeRegionId: string;
  /** Begins every ClientToken; at most 47 ASCII characters. */
  readonly runId: string;
  /** The language of the regions' names. */
  readonly acceptLanguage: "zh-CN" | "en-US";
  /** Added to the SDK's own user agent, for example `flowlog-guard/0.1.0`. */
  readonly userAgent: string;
  readonly transport: Transport;
}

/** The cloud through the official SDK: one attempt a call, every failure a `CallError`. */
export class AlibabaCloud implements Cloud {
  readonly #options: AlibabaCloudOptions;

  constructor(options: AlibabaCloudOptions) {
    this.#options = options;
  }

  /** @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-getflowlogservicestatus */
  async isFlowLogServiceActivated(regionId: string, limit: CallLimit): Promise<Answer<boolean>> {
    const request = new VpcSdk.GetFlowLogServiceStatusRequest({
      regionId,
      clientToken: newClientToken(this.#options.runId),
    });
    const { value, exchange } = await ask(
      { action: "vpc:GetFlowLogServiceStatus" },
      this.#vpcTarget(regionId),
      FlowLogServiceStatus,
      (client, runtime) => client.getFlowLogServiceStatusWithOptions(request, runtime),
      limit,
    );
    return { value: value.Enabled, exchange };
  }

  /** @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-describeregions */
  async listRegions(limit: CallLimit): Promise<Answer<readonly Region[]>> {
    const { acceptLanguage } = this.#options;
    const { value, exchange } = await ask(
      { action: "vpc:DescribeRegions" },
      this.#vpcTarget(this.#options.homeRegionId),
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

  /** @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-getcalleridentity */
  async identifyCaller(regionId: string | null, limit: CallLimit): Promise<Answer<Caller>> {
    const endpoint = stsEndpoint(regionId, this.#options.endpoints.sts);
    const { value, exchange } = await ask(
      { action: "sts:GetCallerIdentity" },
      this.#target(endpoint),
      CallerIdentity,
      (client, runtime) =>
        client.callApi(GET_CALLER_IDENTITY, new $OpenApiUtil.OpenApiRequest({}), runtime),
      limit,
    );
    return { value: { accountId: value.AccountId, arn: value.Arn }, exchange };
  }

  /** Without an override the SDK's own map of regional endpoints decides. */
  #vpcTarget(regionId: string): ClientTarget {
    const { vpc } = this.#options.endpoints;
    return this.#target(vpc[regionId] ?? vpc["*"], regionId);
  }

  #target(endpoint: Endpoint | undefined, regionId?: string): ClientTarget {
    const { credentials, userAgent, transport } = this.#options;
    return { credentials, userAgent, transport, endpoint, regionId };
  }
}
