import { randomUUID } from "node:crypto";

import type OssClient from "ali-oss";

import { StateError } from "../audit/run-error.ts";
import type { Credentials } from "../service/credentials.ts";
import type { Endpoint } from "../http/endpoint.ts";
import { HttpExchange } from "../http/exchange.ts";
import type { Transport } from "../http/transport.ts";
import { retry, type RetryPolicy } from "../retry/retry.ts";
import { startTimeBudget, type TimeBudget } from "../retry/time-budget.ts";
import type { AgedText, BlobStore } from "./blob-store.ts";
import { assertDone, classifyOssFailure, OssError } from "./oss-error.ts";

/** One more attempt: what does not pass quickly had better be said. */
const RETRY_POLICY: RetryPolicy = { maxAttempts: 2, baseDelayMs: 400, maxDelayMs: 1_000 };
const CALL_TIMEOUT_MS = 5_000;
/** Far more than any state has, and far less than a small function's memory. */
const MAX_ANSWER_BYTES = 4 * 1_024 * 1_024;

export interface OssBlobsOptions {
  readonly bucket: string;
  /** See `StorageAddress`. */
  readonly prefix: string;
  readonly regionId: string;
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
  readonly transport: Transport;
  /** Milliseconds for one attempt. @default 5_000 */
  readonly callTimeoutMs?: number;
  /** @default one more attempt */
  readonly retryPolicy?: RetryPolicy;
}

/** Texts as objects in a bucket, through ali-oss. */
export class OssBlobs implements BlobStore {
  readonly #options: Required<OssBlobsOptions>;
  #package: Promise<typeof OssClient> | undefined;
  #mayRead = false;

  constructor(options: OssBlobsOptions) {
    this.#options = { callTimeoutMs: CALL_TIMEOUT_MS, retryPolicy: RETRY_POLICY, ...options };
  }

  /** @see https://www.alibabacloud.com/help/en/oss/developer-reference/getobject */
  async read(name: string, within: TimeBudget): Promise<string | null> {
    const found = await this.#getOrProveMissing(name, within).catch(rethrowAsStateError);
    return found?.text ?? null;
  }

  /** @see https://www.alibabacloud.com/help/en/oss/developer-reference/getobject */
  async readAged(name: string, within: TimeBudget): Promise<AgedText | null> {
    const found = await this.#getOrProveMissing(name, within).catch(rethrowAsStateError);
    if (found === null || !Number.isNaN(found.ageMs)) return found;
    throw new StateError(
      "UNAVAILABLE",
      `${this.#options.endpoint.host} does not say when the lock of the state was made (Last-Modified, Date). Check whether a proxy on the way takes headers out.`,
    );
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

  async #get(name: string, within: TimeBudget): Promise<AgedText | null> {
    try {
      const { content, res } = await this.#call(
        200,
        (client, key) => client.get(key),
        name,
        within,
      );
      this.#mayRead = true;
      // Both by the service's clock.
      const { date, "last-modified": modified } = res.headers;
      const ageMs = Date.parse(String(date)) - Date.parse(String(modified));
      return { text: content.toString("utf8"), ageMs };
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
      200,
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
    await this.#call(204, (client, key) => client.delete(key), name, within);
  }

  /** @param status - with which the service says that it has done the whole of what it was asked */
  async #call<T>(
    status: number,
    act: (client: OssClient, key: string) => Promise<T>,
    name: string,
    within: TimeBudget,
  ): Promise<T> {
    const { bucket, prefix, endpoint, callTimeoutMs, retryPolicy } = this.#options;
    this.#package ??= loadPackage();
    const Client = await this.#package;
    const attempt = async (): Promise<T> => {
      const budget = startTimeBudget(callTimeoutMs, "TIMEOUT", within);
      const exchange = new HttpExchange();
      // What went wrong on the way; the client makes an error of its own of it, without the code.
      let fault: unknown;
      const send: OssSender = async (url, { method, headers, content = "" }) => {
        try {
          return await this.#send(exchange, { url, method, headers, content }, budget);
        } catch (error) {
          fault = error;
          throw error;
        }
      };
      const subject = { bucket, prefix, host: endpoint.host };
      try {
        const answer = await act(this.#clientOf(Client, send), prefix + name);
        assertDone(status, subject, exchange);
        return answer;
      } catch (error) {
        throw classifyOssFailure(fault ?? error, subject, exchange);
      } finally {
        budget.release();
      }
    };
    return retry(attempt, retryPolicy, within);
  }

  /** A client for one call: it makes and signs the request, and sends it as it is told. */
  #clientOf(Client: typeof OssClient, request: OssSender): OssClient {
    const { bucket, regionId, endpoint, credentials } = this.#options;
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
      urllib: { request },
    });
  }

  async #send(
    exchange: HttpExchange,
    { url, method, headers, content }: SentRequest,
    budget: TimeBudget,
  ): Promise<Awaited<ReturnType<OssSender>>> {
    const target = new URL(url);
    const data = await exchange.send(
      {
        target,
        path: `${target.pathname}${target.search}`,
        method,
        // A few calls a run: nothing is gained by a connection that is kept.
        headers: { ...headers, connection: "close" },
        body: content,
      },
      this.#options.transport,
      { budget, maxBytes: MAX_ANSWER_BYTES },
    );
    const { status, headers: answered } = exchange.response ?? { status: 0, headers: {} };
    return { status, headers: answered, data, res: { headers: answered } };
  }
}

type OssSender = ConstructorParameters<typeof OssClient>[0]["urllib"]["request"];

interface SentRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly content: Buffer | string;
}

/** Loaded here: it takes long, and only who keeps a state in OSS needs it. */
async function loadPackage(): Promise<typeof OssClient> {
  const { default: Client } = await import("ali-oss").catch((error: unknown) => {
    throw new StateError(
      "UNAVAILABLE",
      "What keeps the state in OSS cannot be loaded: the folder lazy is not beside the program. Deploy or copy the whole folder that was built.",
      { cause: error },
    );
  });
  return Client;
}

function stateErrorOf(error: unknown): unknown {
  return error instanceof OssError
    ? new StateError("UNAVAILABLE", error.message, { cause: error.cause })
    : error;
}

function rethrowAsStateError(error: unknown): never {
  throw stateErrorOf(error);
}
