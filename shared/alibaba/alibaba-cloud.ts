import type { Answer, CallLimit, Cloud, Page, Region, TokenPage } from "../audit/cloud.ts";
import type {
  FlowLog,
  LogStore,
  MissingLogStore,
  NetworkInterface,
  Vpc,
} from "../audit/flow-log.ts";
import type { Caller } from "../audit/report.ts";
import type { Endpoint } from "../http/endpoint.ts";
import type { Transport } from "../http/transport.ts";
import type { Credentials } from "../service/credentials.ts";
import { type Endpoints, stsEndpoint, vpcEndpoint } from "../service/endpoints.ts";
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
 * Alibaba Cloud, through the official SDK but for the log service. Every method makes one attempt. Each
 * product's calls are in the file of its name; those of rules about resources are loaded on first use,
 * because most runs do without them.
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

  async listVpcs(
    regionId: string,
    pageNumber: number,
    limit: CallLimit,
  ): Promise<Answer<Page<Vpc>>> {
    const { listVpcs } = await import("./vpc-lists.ts");
    return listVpcs(this.#vpcTarget(regionId), regionId, pageNumber, limit);
  }

  async listFlowLogs(
    regionId: string,
    pageNumber: number,
    limit: CallLimit,
  ): Promise<Answer<Page<FlowLog>>> {
    const { listFlowLogs } = await import("./vpc-lists.ts");
    return listFlowLogs(this.#vpcTarget(regionId), regionId, pageNumber, limit);
  }

  async listNetworkInterfaces(
    regionId: string,
    token: string | null,
    limit: CallLimit,
  ): Promise<Answer<TokenPage<NetworkInterface>>> {
    const { listNetworkInterfaces } = await import("./ecs.ts");
    const target = this.#target(this.#options.endpoints.ecs ?? undefined, regionId);
    return listNetworkInterfaces(target, regionId, token, limit);
  }

  async getLogStore(
    regionId: string,
    projectName: string,
    logStoreName: string,
    limit: CallLimit,
  ): Promise<Answer<LogStore | MissingLogStore>> {
    const { getLogStore } = await import("./sls.ts");
    const target = this.#target(this.#options.endpoints.sls ?? undefined, regionId);
    return getLogStore(target, regionId, projectName, logStoreName, limit);
  }

  async identifyCaller(regionId: string | null, limit: CallLimit): Promise<Answer<Caller>> {
    const endpoint = stsEndpoint(regionId, this.#options.endpoints.sts);
    return identifyCaller(this.#target(endpoint), limit);
  }

  #vpcTarget(regionId: string): ClientTarget {
    return this.#target(vpcEndpoint(regionId, this.#options.endpoints), regionId);
  }

  #target(
    endpoint: Endpoint | undefined,
    regionId?: string,
  ): ClientTarget & { readonly credentials: Credentials } {
    const { credentials, userAgent, transport } = this.#options;
    return { credentials, userAgent, transport, endpoint, regionId };
  }
}
