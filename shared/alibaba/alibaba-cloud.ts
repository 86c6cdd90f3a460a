import { $OpenApiUtil } from "@alicloud/openapi-core";
import VpcSdk from "@alicloud/vpc20160428";
import { RuntimeOptions } from "@darabonba/typescript";
import type { InferOutput } from "valibot";

import { CallError } from "../audit/call-error.ts";
import type { Answer, CallLimit, Cloud, Region } from "../audit/cloud.ts";
import type { Caller } from "../audit/report.ts";
import { type AnswerSchema, CallerIdentity, FlowLogServiceStatus, Regions } from "./answers.ts";
import { classifyFailure, exchangeOf } from "./classify-failure.ts";
import { CheckedClient } from "./checked-client.ts";
import { newClientToken } from "./client-token.ts";
import type { Credentials } from "../credentials.ts";
import type { Endpoint, Endpoints } from "../endpoint.ts";
import { observeExchange } from "../observe-exchange.ts";

/** The SDK's own timers must never be the first to strike: they miss a body that trickles. */
const SDK_TIMEOUT_MARGIN_MS = 1_000;

const GLOBAL_STS: Endpoint = { host: "sts.aliyuncs.com", protocol: "HTTPS" };

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
    const { value, exchange } = await this.#ask(
      "vpc:GetFlowLogServiceStatus",
      new CheckedClient(this.#vpcConfig(regionId), FlowLogServiceStatus),
      (client, runtime) => client.getFlowLogServiceStatusWithOptions(request, runtime),
      limit,
    );
    return { value: value.Enabled, exchange };
  }

  /** @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-describeregions */
  async listRegions(limit: CallLimit): Promise<Answer<readonly Region[]>> {
    const { acceptLanguage } = this.#options;
    const { value, exchange } = await this.#ask(
      "vpc:DescribeRegions",
      new CheckedClient(this.#vpcConfig(this.#options.homeRegionId), Regions),
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

  /**
   * Falls back to the global endpoint where the region has none of its own.
   *
   * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-getcalleridentity
   */
  async identifyCaller(regionId: string, limit: CallLimit): Promise<Answer<Caller>> {
    const override = this.#options.endpoints.sts;
    if (override !== null) return this.#identifyCallerAt(override, limit);
    const regional: Endpoint = { host: `sts.${regionId}.aliyuncs.com`, protocol: "HTTPS" };
    try {
      return await this.#identifyCallerAt(regional, limit);
    } catch (error) {
      if (!(error instanceof CallError) || error.hostResolved !== false) throw error;
      return this.#identifyCallerAt(GLOBAL_STS, limit);
    }
  }

  async #identifyCallerAt(endpoint: Endpoint, limit: CallLimit): Promise<Answer<Caller>> {
    const { value, exchange } = await this.#ask(
      "sts:GetCallerIdentity",
      new CheckedClient(this.#config(endpoint), CallerIdentity),
      (client, runtime) =>
        client.callApi(GET_CALLER_IDENTITY, new $OpenApiUtil.OpenApiRequest({}), runtime),
      limit,
    );
    return { value: { accountId: value.AccountId, arn: value.Arn }, exchange };
  }

  async #ask<S extends AnswerSchema>(
    action: string,
    client: CheckedClient<S>,
    call: (client: CheckedClient<S>, runtime: RuntimeOptions) => Promise<unknown>,
    limit: CallLimit,
  ): Promise<Answer<InferOutput<S>>> {
    const endpoint = client._endpoint;
    const sdkTimeoutMs = Math.ceil(limit.remainingMs()) + SDK_TIMEOUT_MARGIN_MS;
    const runtime = new RuntimeOptions({ connectTimeout: sdkTimeoutMs, readTimeout: sdkTimeoutMs });
    const { result, sighting } = observeExchange(limit.signal, () => call(client, runtime));
    try {
      await result;
      const value = client.answer;
      return { value, exchange: exchangeOf(endpoint, sighting, value.RequestId) };
    } catch (error) {
      throw classifyFailure(error, { action, endpoint }, sighting);
    }
  }

  /** Without an override the SDK's own map of regional endpoints decides. */
  #vpcConfig(regionId: string): $OpenApiUtil.Config {
    const { vpc } = this.#options.endpoints;
    return this.#config(vpc[regionId] ?? vpc["*"], regionId);
  }

  #config(endpoint: Endpoint | undefined, regionId?: string): $OpenApiUtil.Config {
    const { credentials, userAgent } = this.#options;
    return new $OpenApiUtil.Config({
      ...credentials,
      userAgent,
      regionId,
      endpoint: endpoint?.host,
      protocol: endpoint?.protocol,
    });
  }
}
