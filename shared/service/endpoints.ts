import type { Endpoint } from "../http/endpoint.ts";

/** Overrides of the services' public addresses, for private endpoints and tests. */
export interface Endpoints {
  /** By region id; `"*"` stands for every region that is not named. */
  readonly vpc: Readonly<Record<string, Endpoint>>;
  readonly sts: Endpoint | null;
  /** Of Function Compute, where the deployed audit function is invoked. */
  readonly fc: Endpoint | null;
  /** Of the Object Storage Service, where the state may be. */
  readonly oss: Endpoint | null;
}

/**
 * The endpoint of STS in a region, or the global one.
 *
 * @param override - stands in for every one of them
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-endpoint
 */
export function stsEndpoint(regionId: string | null, override: Endpoint | null): Endpoint {
  const host = regionId === null ? "sts.aliyuncs.com" : `sts.${regionId}.aliyuncs.com`;
  return override ?? { host, protocol: "HTTPS" };
}
