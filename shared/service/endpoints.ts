import type { Endpoint } from "../http/endpoint.ts";

/** Overrides of the services' public endpoints, for private endpoints and tests. */
export interface Endpoints {
  /** By region id; `"*"` for every region without an entry. */
  readonly vpc: Readonly<Record<string, Endpoint>>;
  readonly sts: Endpoint | null;
  /** Function Compute, which invokes the deployed audit function. */
  readonly fc: Endpoint | null;
  /** The Object Storage Service, which can keep the state and the evidence. */
  readonly oss: Endpoint | null;
  /** Elastic Compute Service, which lists network interfaces. */
  readonly ecs: Endpoint | null;
  /** The log service, which keeps what flow logs record. */
  readonly sls: Endpoint | null;
  /** The resource directory, which lists the members of an organization. */
  readonly resourceDirectory: Endpoint | null;
  /** Cloud Config, which is told what its rule found. */
  readonly cloudConfig: Endpoint | null;
  /** ActionTrail, which records who changed flow logs. */
  readonly actionTrail: Endpoint | null;
}

/** The override for the VPC service in a region; undefined: the SDK chooses the regional endpoint. */
export function vpcEndpoint(regionId: string, { vpc }: Endpoints): Endpoint | undefined {
  return vpc[regionId] ?? vpc["*"];
}

/**
 * The endpoint of STS in a region.
 *
 * @param regionId - null for the global endpoint
 * @param override - replaces every endpoint
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-endpoint
 */
export function stsEndpoint(regionId: string | null, override: Endpoint | null): Endpoint {
  const host = regionId === null ? "sts.aliyuncs.com" : `sts.${regionId}.aliyuncs.com`;
  return override ?? { host, protocol: "HTTPS" };
}

/**
 * The endpoint of the resource directory, one for all regions.
 *
 * @see https://api.aliyun.com/product/ResourceDirectoryMaster
 */
export function resourceDirectoryEndpoint({ resourceDirectory: override }: Endpoints): Endpoint {
  return override ?? { host: "resourcedirectory.aliyuncs.com", protocol: "HTTPS" };
}

/**
 * The endpoint of Cloud Config, one for all regions: that of the China site, or that of the international
 * site. Which site an account is of cannot be told from its regions for certain, so it can be overridden.
 *
 * @param regionId - the region of the caller
 * @see https://api.aliyun.com/product/Config
 */
export function cloudConfigEndpoint(
  regionId: string,
  { cloudConfig: override }: Pick<Endpoints, "cloudConfig">,
): Endpoint {
  const site = regionId.startsWith("cn-") ? "cn-shanghai" : "ap-southeast-1";
  return override ?? { host: `config.${site}.aliyuncs.com`, protocol: "HTTPS" };
}

/** The regions whose events are at the endpoint without a region, as the vendor's SDKs have them. */
const CENTRAL_TRAIL_REGIONS: ReadonlySet<string> = new Set([
  "cn-beijing-finance-1",
  "cn-hangzhou-finance",
  "cn-shenzhen-finance-1",
  "cn-wuhan",
]);

/**
 * The endpoint of ActionTrail in a region, which has the events of that region.
 *
 * @see https://api.aliyun.com/product/Actiontrail
 */
export function actionTrailEndpoint(
  regionId: string,
  { actionTrail: override }: Pick<Endpoints, "actionTrail">,
): Endpoint {
  const host = CENTRAL_TRAIL_REGIONS.has(regionId)
    ? "actiontrail.aliyuncs.com"
    : `actiontrail.${regionId}.aliyuncs.com`;
  return override ?? { host, protocol: "HTTPS" };
}
