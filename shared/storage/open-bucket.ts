import { ConfigError } from "../audit/run-error.ts";
import { isRegionId } from "../audit/scope.ts";
import type { Endpoint } from "../http/endpoint.ts";
import type { Transport } from "../http/transport.ts";
import type { Credentials } from "../service/credentials.ts";
import type { BlobStore } from "./blob-store.ts";
import { OssBlobs } from "./oss-blobs.ts";
import type { StorageAddress } from "./storage-address.ts";

/** What an entry point knows of the world around it. */
export interface StorageSurroundings {
  /** Of the identity that the bucket is asked with; a file needs none. */
  readonly credentials: Credentials | null;
  /** The region that the run is in, where it is in one: that of the bucket if its address says none. */
  readonly regionId: string | null;
  readonly inFunctionCompute: boolean;
  /** Instead of the region's own endpoint. */
  readonly endpoint: Endpoint | null;
  readonly transport: Transport;
  readonly clock: () => Date;
}

type OssAddress = Extract<StorageAddress, { kind: "oss" }>;

/**
 * Opens the bucket of an address; nothing is asked of it yet.
 *
 * @param option - what the configuration calls the address, for messages
 * @throws {@link ConfigError} when the region of the bucket is not known
 */
export function openBucket(
  address: OssAddress,
  surroundings: StorageSurroundings,
  option: string,
): BlobStore {
  const { bucket, prefix } = address;
  const regionId = address.regionId ?? surroundings.regionId ?? "";
  // It becomes part of a host's name.
  if (!isRegionId(regionId)) {
    const orSet = surroundings.inFunctionCompute ? "" : ", or set DEPLOY_REGION";
    throw new ConfigError([
      `${option}: the region of the bucket ${bucket} is not known: add it to the address, as in oss://${bucket}/${prefix}?region=cn-hangzhou${orSet}`,
    ]);
  }
  const { credentials, transport } = surroundings;
  if (credentials === null) throw new Error("a bucket takes credentials");
  const endpoint = ossEndpoint(regionId, surroundings);
  return new OssBlobs({ bucket, prefix, regionId, endpoint, credentials, transport });
}

/**
 * Where OSS is asked: within its own region, Function Compute reaches it without the internet.
 *
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/regions-and-endpoints
 */
export function ossEndpoint(bucketRegionId: string, surroundings: StorageSurroundings): Endpoint {
  const { endpoint, inFunctionCompute, regionId } = surroundings;
  if (endpoint !== null) return endpoint;
  const internal = inFunctionCompute && bucketRegionId === regionId ? "-internal" : "";
  return { host: `oss-${bucketRegionId}${internal}.aliyuncs.com`, protocol: "HTTPS" };
}
