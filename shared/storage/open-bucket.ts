import { ConfigError } from "../audit/run-error.ts";
import { isRegionId } from "../audit/scope.ts";
import type { Endpoint } from "../http/endpoint.ts";
import type { Transport } from "../http/transport.ts";
import type { Credentials } from "../service/credentials.ts";
import type { BlobStore } from "./blob-store.ts";
import { OssBlobs } from "./oss-blobs.ts";
import type { OssObjectsOptions } from "./oss-objects.ts";
import type { StorageAddress } from "./storage-address.ts";

/** What opening a storage address depends on, besides the address. */
export interface StorageSurroundings {
  /** The identity that accesses the bucket; null for a file. */
  readonly credentials: Credentials | null;
  /** The region of the run, if it has one; the bucket's region unless the address contains one. */
  readonly regionId: string | null;
  readonly inFunctionCompute: boolean;
  /** Overrides the region's endpoint. */
  readonly endpoint: Endpoint | null;
  readonly transport: Transport;
  readonly clock: () => Date;
}

type OssAddress = Extract<StorageAddress, { kind: "oss" }>;

/**
 * Opens the bucket of a state, without a request.
 *
 * @param option - name of the address in the configuration, for messages
 * @throws {@link ConfigError} when the region of the bucket is not known
 */
export function openBucket(
  address: OssAddress,
  surroundings: StorageSurroundings,
  option: string,
): BlobStore {
  return new OssBlobs(bucketOptions(address, surroundings, option));
}

/**
 * How the bucket of an address is accessed.
 *
 * @param option - name of the address in the configuration, for messages
 * @throws {@link ConfigError} when the region of the bucket is not known
 */
export function bucketOptions(
  address: OssAddress,
  surroundings: StorageSurroundings,
  option: string,
): Omit<OssObjectsOptions, "contents"> {
  const { bucket, prefix } = address;
  const regionId = address.regionId ?? surroundings.regionId ?? "";
  // The region becomes part of a host name.
  if (!isRegionId(regionId)) {
    const orSet = surroundings.inFunctionCompute ? "" : ", or set DEPLOY_REGION";
    throw new ConfigError([
      `${option}: the region of the bucket ${bucket} is not known: add it to the address, as in oss://${bucket}/${prefix}?region=cn-hangzhou${orSet}`,
    ]);
  }
  const { credentials, transport } = surroundings;
  if (credentials === null) throw new Error("a bucket takes credentials");
  const endpoint = ossEndpoint(regionId, surroundings);
  return { bucket, prefix, regionId, endpoint, credentials, transport };
}

/**
 * The endpoint of OSS. From a function in the bucket's region it is the internal one, which needs no
 * internet access.
 *
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/regions-and-endpoints
 */
export function ossEndpoint(bucketRegionId: string, surroundings: StorageSurroundings): Endpoint {
  const { endpoint, inFunctionCompute, regionId } = surroundings;
  if (endpoint !== null) return endpoint;
  const internal = inFunctionCompute && bucketRegionId === regionId ? "-internal" : "";
  return { host: `oss-${bucketRegionId}${internal}.aliyuncs.com`, protocol: "HTTPS" };
}
