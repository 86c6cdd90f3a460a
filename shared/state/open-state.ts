import { basename, dirname } from "node:path";

import type { BlobStore } from "../storage/blob-store.ts";
import { openBucket, type StorageSurroundings } from "../storage/open-bucket.ts";
import { resolveLinks } from "../storage/resolve-links.ts";
import { describeStorageAddress, type StorageAddress } from "../storage/storage-address.ts";
import { LeasedState } from "./leased-state.ts";
import type { StateStore } from "./state-store.ts";

/**
 * Opens the state at an address, without reading it yet.
 *
 * @returns null for `none`
 * @throws {@link ConfigError} when the region of a bucket cannot be worked out
 */
export function openState(
  address: StorageAddress,
  surroundings: StorageSurroundings,
): StateStore | null {
  const name = describeStorageAddress(address);
  const { clock } = surroundings;
  const over = (blobs: BlobStore, document: string): StateStore =>
    new LeasedState({ blobs, document, name, clock });
  switch (address.kind) {
    case "none":
      return null;
    case "file": {
      const path = resolveLinks(address.path);
      return over(blobsInFolder(dirname(path)), basename(path));
    }
    case "oss":
      return over(openBucket(address, surroundings, "state"), "state.json");
  }
}

/** Loaded on first use: the state of a function is in OSS. */
function blobsInFolder(folder: string): BlobStore {
  let opened: Promise<BlobStore> | undefined;
  const open = async (): Promise<BlobStore> => {
    const { FileBlobs } = await import("../storage/file-blobs.ts");
    return new FileBlobs(folder);
  };
  const blobs = async (): Promise<BlobStore> => (opened ??= open());
  return {
    read: async (...call) => (await blobs()).read(...call),
    readAged: async (...call) => (await blobs()).readAged(...call),
    write: async (...call) => (await blobs()).write(...call),
    create: async (...call) => (await blobs()).create(...call),
    remove: async (...call) => (await blobs()).remove(...call),
  };
}
