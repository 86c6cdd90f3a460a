import type OssClient from "ali-oss";

import type { RetryPolicy } from "../retry/retry.ts";
import type { TimeBudget } from "../retry/time-budget.ts";
import type { AgedText } from "./blob-store.ts";
import { callOss, type OssAccess } from "./call-oss.ts";
import { OssError } from "./oss-error.ts";

/** One more attempt only: a longer outage is better reported than waited for. */
const RETRY_POLICY: RetryPolicy = { maxAttempts: 2, baseDelayMs: 400, maxDelayMs: 1_000 };
const CALL_TIMEOUT_MS = 5_000;

/** The codes for an object that exists; in a locked bucket it can neither be replaced nor deleted. */
const EXISTS = new Set(["FileAlreadyExists", "FileImmutable"]);

type OssAnswer = Awaited<ReturnType<OssClient["put"]>>;

/** The outcome of a write. */
export interface PutOutcome {
  /** Whether the bucket keeps versions of its objects, or did once. */
  readonly keepsVersions: boolean;
}

/**
 * Whether an object was created, or existed before; unknown where an attempt before may have created it,
 * whose answer was lost.
 */
export interface CreateOutcome extends PutOutcome {
  readonly creation: "created" | "existed" | "unknown";
}

export interface OssObjectsOptions extends OssAccess {
  /** Begins the name of every object: empty, or with a slash at its end. */
  readonly prefix: string;
  /** Milliseconds for one attempt. @default 5_000 */
  readonly callTimeoutMs?: number;
  /** @default one more attempt */
  readonly retryPolicy?: RetryPolicy;
}

/**
 * The objects below a prefix of a bucket, through ali-oss. Every method retries, and throws
 * {@link OssError} when the call fails.
 */
export class OssObjects {
  readonly #options: Required<OssObjectsOptions>;

  constructor(options: OssObjectsOptions) {
    this.#options = {
      callTimeoutMs: CALL_TIMEOUT_MS,
      retryPolicy: RETRY_POLICY,
      keepsConnections: false,
      ...options,
    };
  }

  /**
   * Reads an object.
   *
   * @returns null if it does not exist; the age is NaN if the answer lacks a header
   * @see https://www.alibabacloud.com/help/en/oss/developer-reference/getobject
   */
  async get(name: string, within: TimeBudget): Promise<AgedText | null> {
    try {
      const { content, res } = await this.#call(200, name, within, async (client, key) =>
        client.get(key),
      );
      // Both by the service's clock.
      const { date, "last-modified": modified } = res.headers;
      const ageMs = Date.parse(String(date)) - Date.parse(String(modified));
      return { text: content.toString("utf8"), ageMs };
    } catch (error) {
      if (error instanceof OssError && error.code === "NoSuchKey") return null;
      throw error;
    }
  }

  /**
   * Creates or replaces an object.
   *
   * @returns whether the bucket keeps versions of its objects, or did once
   * @see https://www.alibabacloud.com/help/en/oss/developer-reference/putobject
   */
  async put(name: string, content: Buffer, within: TimeBudget): Promise<PutOutcome> {
    return this.#put(name, content, {}, within, this.#options.callTimeoutMs);
  }

  /**
   * Writes an object unless there is one of that name, which only a bucket without versions can tell.
   *
   * @param callTimeoutMs - for one attempt, where the object is large. @default that of all calls
   * @see https://www.alibabacloud.com/help/en/oss/developer-reference/putobject
   */
  async create(
    name: string,
    content: Buffer,
    within: TimeBudget,
    callTimeoutMs = this.#options.callTimeoutMs,
  ): Promise<CreateOutcome> {
    const headers = { "x-oss-forbid-overwrite": "true" };
    let attempts = 0;
    const countAttempt = (): void => void (attempts += 1);
    try {
      const put = await this.#put(name, content, headers, within, callTimeoutMs, countAttempt);
      return { ...put, creation: "created" };
    } catch (error) {
      if (!(error instanceof OssError) || !EXISTS.has(error.code ?? "")) throw error;
      return { keepsVersions: false, creation: attempts > 1 ? "unknown" : "existed" };
    }
  }

  async #put(
    name: string,
    content: Buffer,
    headers: Readonly<Record<string, string>>,
    within: TimeBudget,
    callTimeoutMs: number,
    onAttempt: () => void = () => {},
  ): Promise<PutOutcome> {
    const put = async (client: OssClient, key: string): Promise<OssAnswer> => {
      onAttempt();
      return client.put(key, content, { mime: "application/json", headers });
    };
    const { res } = await this.#call(200, name, within, put, callTimeoutMs);
    // Also present when versioning is suspended: the id is then the text "null".
    return { keepsVersions: res.headers["x-oss-version-id"] !== undefined };
  }

  /**
   * Deletes an object, if it exists.
   *
   * @see https://www.alibabacloud.com/help/en/oss/developer-reference/deleteobject
   */
  async delete(name: string, within: TimeBudget): Promise<void> {
    await this.#call(204, name, within, async (client, key) => client.delete(key));
  }

  /** @param status - the only status that means complete success */
  async #call<T>(
    status: number,
    name: string,
    within: TimeBudget,
    operation: (client: OssClient, key: string) => Promise<T>,
    callTimeoutMs = this.#options.callTimeoutMs,
  ): Promise<T> {
    const { prefix, retryPolicy } = this.#options;
    const calls = { access: this.#options, prefix, callTimeoutMs, retryPolicy };
    return callOss(calls, status, async (client) => operation(client, prefix + name), within);
  }
}
