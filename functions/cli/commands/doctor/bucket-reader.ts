import { bucketOptions } from "../../../../shared/storage/open-bucket.ts";
import { OssReader } from "../../../../shared/storage/oss-reader.ts";
import type { StorageAddress } from "../../../../shared/storage/storage-address.ts";
import { localStorage } from "../../local/local-state.ts";
import { found, type SetUp } from "./check.ts";

/** What is read of a bucket. */
export interface BucketContents {
  /** The option that names the bucket, for messages. */
  readonly called: "state" | "evidence";
  /** The largest object that is read. */
  readonly maxBytes: number;
}

/**
 * Opens a bucket to be read, with fewer attempts than a run makes: the check has a time limit of its own.
 *
 * @throws `ConfigError` when the region of the bucket is not known
 */
export function bucketReader(
  address: Extract<StorageAddress, { kind: "oss" }>,
  { config, runtime, transport, learnt }: SetUp,
  contents: BucketContents,
): OssReader {
  const surroundings = localStorage(config, runtime, transport, found(learnt.credentials));
  return new OssReader({
    ...bucketOptions(address, surroundings, contents.called),
    contents,
    callTimeoutMs: 5_000,
    retryPolicy: { maxAttempts: 2, baseDelayMs: 400, maxDelayMs: 1_000 },
  });
}
