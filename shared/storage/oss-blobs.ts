import { randomUUID } from "node:crypto";

import { StateError } from "../audit/run-error.ts";
import type { TimeBudget } from "../retry/time-budget.ts";
import type { AgedText, BlobStore } from "./blob-store.ts";
import { OssError } from "./oss-error.ts";
import { OssObjects, type OssObjectsOptions } from "./oss-objects.ts";

/** Texts as objects in a bucket. */
export class OssBlobs implements BlobStore {
  readonly #objects: OssObjects;
  /** The host of the bucket's endpoint, for messages. */
  readonly #host: string;
  /** Whether an object was read, so that a denied read means that the object does not exist. */
  #mayRead = false;

  constructor(options: OssObjectsOptions) {
    this.#objects = new OssObjects(options);
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
    await this.#objects.put(name, text, {}, within).catch(rethrowAsStateError);
  }

  async create(name: string, text: string, within: TimeBudget): Promise<boolean> {
    try {
      await this.#objects.put(name, text, { "x-oss-forbid-overwrite": "true" }, within);
      return true;
    } catch (error) {
      if (error instanceof OssError && error.code === "FileAlreadyExists") return false;
      throw stateErrorOf(error);
    }
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
    await this.#objects.put(name, "Written to find out whether it can be read.\n", {}, within);
    try {
      return (await this.#get(name, within)) !== null;
    } finally {
      await this.#objects.delete(name, within);
    }
  }

  async #get(name: string, within: TimeBudget): Promise<AgedText | null> {
    const found = await this.#objects.get(name, within);
    if (found !== null) this.#mayRead = true;
    return found;
  }
}

function stateErrorOf(error: unknown): unknown {
  return error instanceof OssError
    ? new StateError("UNAVAILABLE", error.message, { cause: error.cause })
    : error;
}

function rethrowAsStateError(error: unknown): never {
  throw stateErrorOf(error);
}
