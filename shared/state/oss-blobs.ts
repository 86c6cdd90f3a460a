import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { randomUUID } from "node:crypto";

import type OssClient from "ali-oss";

import { StateError } from "../audit/run-error.ts";
import type { Credentials } from "../credentials.ts";
import type { Endpoint } from "../http/endpoint.ts";
import { observeExchange } from "../observe-exchange.ts";
import { retry, type RetryPolicy } from "../retry.ts";
import { startTimeBudget, type TimeBudget } from "../time-budget.ts";
import type { BlobStore } from "./blob-store.ts";
import { classifyOssFailure, OssError } from "./oss-error.ts";

/** One more attempt: what does not pass quickly had better be said. */
const RETRY_POLICY: RetryPolicy = { maxAttempts: 2, baseDelayMs: 400, maxDelayMs: 1_000 };
const CALL_TIMEOUT_MS = 5_000;
/** The client's own timers must never be the first to strike. */
const CLIENT_TIMEOUT_MARGIN_MS = 1_000;

export interface OssBlobsOptions {
  readonly bucket: string;
  /** See `StateAddress`. */
  readonly prefix: string;
  readonly regionId: string;
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
  /** Milliseconds for one attempt. @default 5_000 */
  readonly callTimeoutMs?: number;
  /** @default one more attempt */
  readonly retryPolicy?: RetryPolicy;
}

/** Texts as objects in a bucket, through ali-oss. */
export class OssBlobs implements BlobStore {
  readonly #options: Required<OssBlobsOptions>;
  #client: Promise<OssClient> | undefined;
  #mayRead = false;

  constructor(options: OssBlobsOptions) {
    this.#options = { callTimeoutMs: CALL_TIMEOUT_MS, retryPolicy: RETRY_POLICY, ...options };
  }

  /** @see https://www.alibabacloud.com/help/en/oss/developer-reference/getobject */
  async read(name: string, within: TimeBudget): Promise<string | null> {
    return this.#getOrProveMissing(name, within).catch(rethrowAsStateError);
  }

  /** @see https://www.alibabacloud.com/help/en/oss/developer-reference/putobject */
  async write(name: string, text: string, within: TimeBudget): Promise<void> {
    await this.#put(name, text, {}, within).catch(rethrowAsStateError);
  }

  /** @see https://www.alibabacloud.com/help/en/oss/developer-reference/putobject */
  async create(name: string, text: string, within: TimeBudget): Promise<boolean> {
    try {
      await this.#put(name, text, { "x-oss-forbid-overwrite": "true" }, within);
      return true;
    } catch (error) {
      if (error instanceof OssError && error.code === "FileAlreadyExists") return false;
      throw stateErrorOf(error);
    }
  }

  /** @see https://www.alibabacloud.com/help/en/oss/developer-reference/deleteobject */
  async remove(name: string, within: TimeBudget): Promise<void> {
    await this.#delete(name, within).catch(rethrowAsStateError);
  }

  /** Who may not list a bucket may be told that access is denied to what is not there. */
  async #getOrProveMissing(name: string, within: TimeBudget): Promise<string | null> {
    try {
      return await this.#get(name, within);
    } catch (error) {
      const denied = error instanceof OssError && error.code === "AccessDenied";
      if (denied && (await this.#provesReadable(within))) return null;
      throw error;
    }
  }

  /**
   * Whether objects can be read at all, found out with one that is there for certain. To try it
   * with a name that matters would create what another run looks for.
   */
  async #provesReadable(within: TimeBudget): Promise<boolean> {
    if (this.#mayRead) return true;
    const name = `read-check-${randomUUID()}`;
    await this.#put(name, "Written to find out whether it can be read.\n", {}, within);
    try {
      return (await this.#get(name, within)) !== null;
    } finally {
      await this.#delete(name, within);
    }
  }

  async #get(name: string, within: TimeBudget): Promise<string | null> {
    try {
      const { content } = await this.#call((client, key) => client.get(key), name, within);
      this.#mayRead = true;
      return content.toString("utf8");
    } catch (error) {
      if (error instanceof OssError && error.code === "NoSuchKey") return null;
      throw error;
    }
  }

  async #put(
    name: string,
    text: string,
    headers: Readonly<Record<string, string>>,
    within: TimeBudget,
  ): Promise<void> {
    const content = Buffer.from(text);
    const { res } = await this.#call(
      (client, key) => client.put(key, content, { mime: "application/json", headers }),
      name,
      within,
    );
    // Also where versioning is suspended: the id is then the text "null".
    if (res.headers["x-oss-version-id"] === undefined) return;
    throw new StateError(
      "UNAVAILABLE",
      `The bucket ${this.#options.bucket} keeps versions of its objects, or did once. Two runs could not be kept apart there: use a bucket that never had versioning for the state.`,
    );
  }

  async #delete(name: string, within: TimeBudget): Promise<void> {
    await this.#call((client, key) => client.delete(key), name, within);
  }

  async #call<T>(
    act: (client: OssClient, key: string) => Promise<T>,
    name: string,
    within: TimeBudget,
  ): Promise<T> {
    const { bucket, prefix, endpoint, callTimeoutMs, retryPolicy } = this.#options;
    this.#client ??= this.#createClient();
    const client = await this.#client;
    const attempt = async (): Promise<T> => {
      const budget = startTimeBudget(callTimeoutMs, "TIMEOUT", within);
      const { result, sighting } = observeExchange(budget.signal, () => act(client, prefix + name));
      try {
        return await result;
      } catch (error) {
        throw classifyOssFailure(error, { bucket, prefix, host: endpoint.host }, sighting);
      } finally {
        budget.release();
      }
    };
    return retry(attempt, retryPolicy, within);
  }

  /** Loaded here: it takes long, and only who keeps a state in OSS needs it. */
  async #createClient(): Promise<OssClient> {
    const { default: Client } = await import("ali-oss").catch((error: unknown) => {
      throw new StateError(
        "UNAVAILABLE",
        "What keeps the state in OSS cannot be loaded: the folder lazy is not beside the program. Deploy or copy the whole folder that was built.",
        { cause: error },
      );
    });
    const { bucket, regionId, endpoint, credentials, callTimeoutMs } = this.#options;
    const { accessKeyId, accessKeySecret, securityToken } = credentials;
    return new Client({
      accessKeyId,
      accessKeySecret,
      stsToken: securityToken,
      refreshSTSTokenInterval: 1,
      bucket,
      endpoint: `${endpoint.protocol.toLowerCase()}://${endpoint.host}`,
      region: `oss-${regionId}`,
      authorizationV4: true,
      timeout: callTimeoutMs + CLIENT_TIMEOUT_MARGIN_MS,
      // Connections that are kept would keep the process, and break when the function freezes.
      agent: new HttpAgent({ keepAlive: false }),
      httpsAgent: new HttpsAgent({ keepAlive: false }),
    });
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
