import { OssReader, type OssReaderOptions } from "../storage/oss-reader.ts";
import type { EvidenceArchive } from "./evidence-archive.ts";
import { rethrowAsEvidenceError } from "./oss-failure.ts";
import { LARGEST_BYTES, maxBytesOf } from "./size-limits.ts";

/**
 * Evidence in a bucket.
 *
 * @param name - the address, to be shown to people
 */
export function ossArchive(
  options: Omit<OssReaderOptions, "contents">,
  name: string,
): EvidenceArchive {
  const reader = new OssReader({
    ...options,
    contents: { called: "evidence", maxBytes: LARGEST_BYTES },
  });
  return {
    name,
    list: async (within) => reader.list(within).catch(rethrowAsEvidenceError),
    read: async (object, within) =>
      reader.read(object, within, maxBytesOf(object)).catch(rethrowAsEvidenceError),
    lock: async (within) => reader.worm(within).catch(rethrowAsEvidenceError),
  };
}
