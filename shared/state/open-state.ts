import { readlinkSync } from "node:fs";
import { basename, dirname, isAbsolute } from "node:path";

import { ConfigError } from "../audit/run-error.ts";
import { isRegionId } from "../audit/scope.ts";
import type { Credentials } from "../credentials.ts";
import type { Endpoint } from "../http/endpoint.ts";
import type { Transport } from "../http/transport.ts";
import type { BlobStore } from "./blob-store.ts";
import { FileBlobs } from "./file-blobs.ts";
import { LeasedState } from "./leased-state.ts";
import { OssBlobs } from "./oss-blobs.ts";
import { describeStateAddress, type StateAddress } from "./state-address.ts";
import type { StateStore } from "./state-store.ts";

/** What an entry point knows of the world around it. */
export interface StateSurroundings {
  /** Those of whoever keeps the state in OSS; a file needs none. */
  readonly credentials: Credentials | null;
  /** The region that the run is in, where it is in one: that of the bucket if its address says none. */
  readonly regionId: string | null;
  readonly inFunctionCompute: boolean;
  /** Instead of the region's own endpoint. */
  readonly endpoint: Endpoint | null;
  readonly transport: Transport;
  readonly clock: () => Date;
}

/**
 * Opens the state at an address; nothing is asked of it yet.
 *
 * @returns null for `none`
 * @throws {@link ConfigError} when the region of a bucket cannot be worked out
 */
export function openState(
  address: StateAddress,
  surroundings: StateSurroundings,
): StateStore | null {
  const name = describeStateAddress(address);
  const { clock } = surroundings;
  const over = (blobs: BlobStore, document: string): StateStore =>
    new LeasedState({ blobs, document, name, clock });
  switch (address.kind) {
    case "none":
      return null;
    case "file": {
      const path = withoutLinks(address.path);
      return over(new FileBlobs(dirname(path)), basename(path));
    }
    case "oss":
      return over(ossBlobsOf(address, surroundings), "state.json");
  }
}

/** Systems follow no more. */
const MAX_LINKS = 40;

/**
 * The file that a path leads to, whether it is there or not. To write it is to put another in its
 * place, and that must not be the place of a link: whoever else follows the link would then have
 * another state.
 */
function withoutLinks(path: string): string {
  let file = path;
  for (let links = 0; links < MAX_LINKS; links += 1) {
    try {
      const target = readlinkSync(file);
      file = isAbsolute(target) ? target : `${dirname(file)}/${target}`;
    } catch {
      return file;
    }
  }
  return path;
}

type OssAddress = Extract<StateAddress, { kind: "oss" }>;

function ossBlobsOf(address: OssAddress, surroundings: StateSurroundings): BlobStore {
  const { bucket, prefix } = address;
  const regionId = address.regionId ?? surroundings.regionId ?? "";
  // It becomes part of a host's name.
  if (!isRegionId(regionId)) {
    const orSet = surroundings.inFunctionCompute ? "" : ", or set DEPLOY_REGION";
    throw new ConfigError([
      `state: the region of the bucket ${bucket} is not known: add it to the address, as in oss://${bucket}/${prefix}?region=cn-hangzhou${orSet}`,
    ]);
  }
  const { credentials, transport } = surroundings;
  if (credentials === null) throw new Error("a state in OSS takes credentials");
  const endpoint = ossEndpoint(regionId, surroundings);
  return new OssBlobs({ bucket, prefix, regionId, endpoint, credentials, transport });
}

/**
 * Where OSS is asked: within its own region, Function Compute reaches it without the internet.
 *
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/regions-and-endpoints
 */
export function ossEndpoint(bucketRegionId: string, surroundings: StateSurroundings): Endpoint {
  const { endpoint, inFunctionCompute, regionId } = surroundings;
  if (endpoint !== null) return endpoint;
  const internal = inFunctionCompute && bucketRegionId === regionId ? "-internal" : "";
  return { host: `oss-${bucketRegionId}${internal}.aliyuncs.com`, protocol: "HTTPS" };
}
