import { randomUUID } from "node:crypto";

import { StateError } from "../audit/run-error.ts";
import type { TimeBudget } from "../retry/time-budget.ts";
import type { AgedText, BlobStore } from "./blob-store.ts";
import { OssError } from "./oss-error.ts";
import { OssObjects, type OssObjectsOptions, type PutOutcome } from "./oss-objects.ts";

/**
 * The largest state, far less than a small function's memory: 30,000 open subjects that four receivers
 * know of take 3 MB.
 */
const MAX_STATE_BYTES = 32 * 1_024 * 1_024;

/** What a bucket of the state has. */
export const STATE_CONTENTS = {
  called: "state",
  actions: "oss:GetObject, oss:PutObject and oss:DeleteObject",
  maxBytes: MAX_STATE_BYTES,
};

/** A state, and what belongs to it, as objects in a bucket. */
export class OssBlobs implements BlobStore {
  readonly #objects: OssObjects;
  readonly #bucket: string;
  /** The host of the bucket's endpoint, for messages. */
  readonly #host: string;
  /** Whether an object was read, so that a denied read means that the object does not exist. */
  #mayRead = false;

  constructor(options: Omit<OssObjectsOptions, "contents">) {
    this.#objects = new OssObjects({ ...options, contents: STATE_CONTENTS });
    this.#bucket = options.bucket;
    this.#host = options.endpoint.host;
  }

  async read(name: string, within: TimeBudget): Promise<string | null> {
    const found = await this.#getOrProveMissing(name, within).catch(rethrowAsStateError);
    return found?.text ?? null;
  }

  async readAged(name: string, within: TimeBudget): Promise<AgedText | null> {
    const found = await this.#getOrProveMissing(name, within).catch(rethrowAsStateError);
    if (found === null || !Number.isNaN(found.ageMs)) return found;
    throw new StateError(
      "UNAVAILABLE",
      `${this.#host} does not say when the lock of the state was made (Last-Modified, Date). Check whether a proxy on the way takes headers out.`,
    );
  }

  async write(name: string, text: string, within: TimeBudget): Promise<void> {
    const content = contentOf(text);
    this.#assertNoVersions(
      await this.#objects.put(name, content, within).catch(rethrowAsStateError),
    );
  }

  async create(name: string, text: string, within: TimeBudget): Promise<boolean> {
    const content = contentOf(text);
    const created = await this.#objects.create(name, content, within).catch(rethrowAsStateError);
    this.#assertNoVersions(created);
    return created.creation === "created";
  }

  async remove(name: string, within: TimeBudget): Promise<void> {
    await this.#objects.delete(name, within).catch(rethrowAsStateError);
  }

  /** OSS denies access to an object that does not exist if the identity may not list the bucket. */
  async #getOrProveMissing(name: string, within: TimeBudget): Promise<AgedText | null> {
    try {
      return await this.#get(name, within);
    } catch (error) {
      const denied = error instanceof OssError && error.code === "AccessDenied";
      if (denied && (await this.#provesReadable(within))) return null;
      throw error;
    }
  }

  /**
   * Whether the identity may read objects, tested with an object that certainly exists. Its name is
   * random, because a test with the name in question would create what another run looks for.
   */
  async #provesReadable(within: TimeBudget): Promise<boolean> {
    if (this.#mayRead) return true;
    const name = `read-check-${randomUUID()}`;
    const content = Buffer.from("Written to find out whether it can be read.\n");
    this.#assertNoVersions(await this.#objects.put(name, content, within));
    try {
      return (await this.#get(name, within)) !== null;
    } finally {
      await this.#objects.delete(name, within);
    }
  }

  #assertNoVersions({ keepsVersions }: PutOutcome): void {
    if (!keepsVersions) return;
    throw new StateError(
      "UNAVAILABLE",
      `The bucket ${this.#bucket} keeps versions of its objects, or did once. Two runs could not be kept apart there: use a bucket that never had versioning for the state.`,
    );
  }

  async #get(name: string, within: TimeBudget): Promise<AgedText | null> {
    const found = await this.#objects.get(name, within);
    if (found !== null) this.#mayRead = true;
    return found;
  }
}

/** Says that a text is too long before the object in the bucket is replaced by one that no run could read. */
function contentOf(text: string): Buffer {
  const content = Buffer.from(text);
  if (content.length <= MAX_STATE_BYTES) return content;
  const [size, limit] = [content.length, MAX_STATE_BYTES].map((it) => Math.ceil(it / 1_048_576));
  throw new StateError(
    "UNAVAILABLE",
    `The state has ${size} MiB, and ${limit} MiB is the most that is written: it is not remembered. Divide the accounts among deployments, each with a state of its own.`,
  );
}

function stateErrorOf(error: unknown): unknown {
  return error instanceof OssError
    ? new StateError("UNAVAILABLE", error.message, { cause: error.cause })
    : error;
}

function rethrowAsStateError(error: unknown): never {
  throw stateErrorOf(error);
}
