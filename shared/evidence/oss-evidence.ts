import type { TimeBudget } from "../retry/time-budget.ts";
import type { BucketContents } from "../storage/oss-error.ts";
import { OssObjects, type OssObjectsOptions } from "../storage/oss-objects.ts";
import type { EvidenceStore } from "./evidence-store.ts";
import { rethrowAsEvidenceError } from "./oss-failure.ts";
import { LARGEST_BYTES } from "./size-limits.ts";

const CONTENTS: BucketContents = {
  called: "evidence",
  actions: "oss:PutObject",
  maxBytes: LARGEST_BYTES,
};

/** Milliseconds for one attempt, beside the time that the object takes. */
const CALL_TIMEOUT_MS = 5_000;
/** Two megabits a second, from a machine that is far from the bucket. */
const BYTES_PER_MS = 250;

/**
 * Evidence as objects in a bucket. It takes the permission `oss:PutObject` alone, and the bucket may be
 * locked by a retention policy: then nobody can change what was stored. One that keeps versions is fine
 * too, because no name is used twice.
 *
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/oss-retention-policies
 */
export class OssEvidence implements EvidenceStore {
  readonly name: string;
  readonly #objects: OssObjects;

  /** @param name - see {@link EvidenceStore.name} */
  constructor(name: string, options: Omit<OssObjectsOptions, "contents">) {
    this.name = name;
    this.#objects = new OssObjects({
      callTimeoutMs: CALL_TIMEOUT_MS,
      ...options,
      contents: CONTENTS,
    });
  }

  async create(name: string, text: string, within: TimeBudget): Promise<boolean> {
    const content = Buffer.from(text);
    const timeoutMs = CALL_TIMEOUT_MS + content.length / BYTES_PER_MS;
    const { creation } = await this.#objects
      .create(name, content, within, timeoutMs)
      .catch(rethrowAsEvidenceError);
    return creation !== "existed";
  }
}
