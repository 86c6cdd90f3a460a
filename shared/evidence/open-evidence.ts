import { LeasedState } from "../state/leased-state.ts";
import { FileBlobs } from "../storage/file-blobs.ts";
import { bucketOptions, type StorageSurroundings } from "../storage/open-bucket.ts";
import { describeStorageAddress, type StorageAddress } from "../storage/storage-address.ts";
import type { EvidenceChain } from "./evidence-chain.ts";
import { EvidenceKeeper } from "./evidence-keeper.ts";
import { fileArchive } from "./file-archive.ts";
import { FileEvidence } from "./file-evidence.ts";
import { CHAIN_DOCUMENT } from "./kept-names.ts";
import { lastManifest } from "./last-manifest.ts";
import { OssEvidence } from "./oss-evidence.ts";

/** What keeping evidence depends on, besides its address. */
export interface EvidenceSurroundings extends StorageSurroundings {
  /** The largest difference to the vendor's clock so far, in milliseconds; null where it is not known. */
  readonly clockDifferenceMs: () => number | null;
}

/**
 * Opens evidence to be kept, without keeping anything yet.
 *
 * @returns null for `none`
 * @throws {@link ConfigError} when the region of a bucket cannot be worked out
 */
export function openEvidence(
  address: StorageAddress,
  { clockDifferenceMs, ...surroundings }: EvidenceSurroundings,
): EvidenceKeeper | null {
  const name = describeStorageAddress(address);
  switch (address.kind) {
    case "none":
      return null;
    case "file": {
      const store = new FileEvidence(name, address.path);
      const chain = chainInFolder(name, address.path, surroundings);
      return new EvidenceKeeper({ store, chain, clockDifferenceMs });
    }
    case "oss": {
      const store = new OssEvidence(name, bucketOptions(address, surroundings, "evidence"));
      // Without the region, which makes no other place of it.
      const chain = chainInState(describeStorageAddress({ ...address, regionId: null }));
      return new EvidenceKeeper({ store, chain, clockDifferenceMs });
    }
  }
}

/** Nothing in a bucket of evidence is read, so that creating objects is all that anybody needs to allow. */
function chainInState(address: string): EvidenceChain {
  return {
    address,
    store: null,
    findHead: async () => null,
    hint: "If reports were kept there before, the state that remembered the last one was lost.",
  };
}

/** A folder remembers by itself, so that it may be moved, and the state may be elsewhere, or none. */
function chainInFolder(
  name: string,
  folder: string,
  { clock }: StorageSurroundings,
): EvidenceChain {
  const blobs = new FileBlobs(folder, "evidence");
  const document = CHAIN_DOCUMENT;
  return {
    address: name,
    store: new LeasedState({ blobs, document, name: `${name}${document}`, clock }),
    async findHead(within) {
      const sha256 = await lastManifest(fileArchive(folder, name), within);
      return sha256 === null ? null : { address: name, sha256 };
    },
    hint: "If reports were kept there before, they are gone.",
  };
}
