import type { Permission } from "../audit/permission.ts";
import type { StorageAddress } from "./storage-address.ts";

/**
 * The RAM actions to keep evidence at an address: to create objects alone, not to read, overwrite or delete
 * one. (An object that exists is not overwritten because of a header of the request; RAM cannot say it.)
 *
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/putobject
 */
export function permissionsToKeep(address: StorageAddress): Permission[] {
  if (address.kind !== "oss") return [];
  const { bucket, prefix } = address;
  return [{ action: "oss:PutObject", resource: (id) => `acs:oss:*:${id}:${bucket}/${prefix}*` }];
}

/**
 * The RAM actions to read the evidence at an address, and the lock of its bucket.
 *
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/authorization-syntax-and-elements
 */
export function permissionsToRead(address: StorageAddress): Permission[] {
  if (address.kind !== "oss") return [];
  const { bucket, prefix } = address;
  const ofBucket = (id: string): string => `acs:oss:*:${id}:${bucket}`;
  const list = { action: "oss:ListObjects", resource: ofBucket };
  return [
    prefix === "" ? list : { ...list, condition: { StringLike: { "oss:Prefix": [`${prefix}*`] } } },
    { action: "oss:GetObject", resource: (id) => `${ofBucket(id)}/${prefix}*` },
    { action: "oss:GetBucketWorm", resource: ofBucket },
  ];
}
