import { bucketOptions, type StorageSurroundings } from "../storage/open-bucket.ts";
import { describeStorageAddress, type StorageAddress } from "../storage/storage-address.ts";
import type { EvidenceArchive } from "./evidence-archive.ts";
import { fileArchive } from "./file-archive.ts";
import { ossArchive } from "./oss-archive.ts";

/**
 * Opens the evidence at an address to be read, without reading it yet.
 *
 * @returns null for `none`
 * @throws {@link ConfigError} when the region of a bucket cannot be worked out
 */
export function openArchive(
  address: StorageAddress,
  surroundings: StorageSurroundings,
): EvidenceArchive | null {
  const name = describeStorageAddress(address);
  switch (address.kind) {
    case "none":
      return null;
    case "file":
      return fileArchive(address.path, name);
    case "oss":
      return ossArchive(bucketOptions(address, surroundings, "evidence"), name);
  }
}
