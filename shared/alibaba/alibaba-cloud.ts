import type { Answer, CallLimit, Cloud, Region } from "../audit/cloud.ts";
import type { Caller } from "../audit/report.ts";
import type { Endpoint } from "../http/endpoint.ts";
import type { Transport } from "../http/transport.ts";
import type { Credentials } from "../service/credentials.ts";
import { type Endpoints, stsEndpoint } from "../service/endpoints.ts";
import type { ClientTarget } from "./sdk/ask.ts";
import { identifyCaller } from "./sts.ts";
import { isFlowLogServiceActivated, listRegions } from "./vpc.ts";

export interface AlibabaCloudOptions {
  readonly credentials: Credentials;
  readonly endpoints: Endpoints;
  /** The region whose endpoint lists the regions. */
  readonly homeRegionId: string;
  /** Begins every ClientToken; at most 47 ASCII characters. */
  readonly runId: string;
  /** The language of the regions' names. */
  readonly acceptLanguage: "zh-CN" | "en-US";
  /** Appended to the SDK's own user agent, for example `flowlog-guard/0.1.0`. */
  readonly userAgent: string;
  readonly transport: Transport;
}

/**
 * Alibaba Cloud through the official SDK. Every method makes one attempt. Each product's calls are in
 * the file of its name.
 */
export class AlibabaCloud implements Cloud {
  readonly #options: AlibabaCloudOptions;

  constructor(options: AlibabaCloudOptions) {
    this.#options = options;
  }

  async isFlowLogServiceActivated(regionId: string, limit: CallLimit): Promise<Answer<boolean>> {
    const { runId } = this.#options;
    return isFlowLogServiceActivated(this.#vpcTarget(regionId), regionId, runId, limit);
  }

  async listRegions(limit: CallLimit): Promise<Answer<readonly Region[]>> {
    const { acceptLanguage, homeRegionId } = this.#options;
    return listRegions(this.#vpcTarget(homeRegionId), acceptLanguage, limit);
  }

  async listVpcs(): Promise<never> {
    throw new Error("internal error: no rule lists VPCs yet");
  }

  async listFlowLogs(): Promise<never> {
    throw new Error("internal error: no rule lists flow logs yet");
  }

  async listNetworkInterfaces(): Promise<never> {
    throw new Error("internal error: no rule lists network interfaces yet");
  }

  async getLogStore(): Promise<never> {
    throw new Error("internal error: no rule reads log stores yet");
  }

  async identifyCaller(regionId: string | null, limit: CallLimit): Promise<Answer<Caller>> {
    const endpoint = stsEndpoint(regionId, this.#options.endpoints.sts);
    return identifyCaller(this.#target(endpoint), limit);
  }

  /** Without an override, the SDK chooses the regional endpoint. */
  #vpcTarget(regionId: string): ClientTarget {
    const { vpc } = this.#options.endpoints;
    return this.#target(vpc[regionId] ?? vpc["*"], regionId);
  }

  #target(endpoint: Endpoint | undefined, regionId?: string): ClientTarget {
    const { credentials, userAgent, transport } = this.#options;
    return { credentials, userAgent, transport, endpoint, regionId };
  }
}
