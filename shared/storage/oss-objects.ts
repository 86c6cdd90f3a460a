import type OssClient from "ali-oss";

import { StateError } from "../audit/run-error.ts";
import { retry, type RetryPolicy } from "../retry/retry.ts";
import { startTimeBudget, type TimeBudget } from "../retry/time-budget.ts";
import type { AgedText } from "./blob-store.ts";
import { loadOssClient, MAX_OBJECT_BYTES, type OssAccess, OssCall } from "./oss-client.ts";
import { assertDone, classifyOssFailure, OssError } from "./oss-error.ts";

/** One more attempt only: a longer outage is better reported than waited for. */
const RETRY_POLICY: RetryPolicy = { maxAttempts: 2, baseDelayMs: 400, maxDelayMs: 1_000 };
const CALL_TIMEOUT_MS = 5_000;

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
    this.#options = { callTimeoutMs: CALL_TIMEOUT_MS, retryPolicy: RETRY_POLICY, ...options };
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
   * Writes an object.
   *
   * @throws {@link StateError} when the bucket keeps versions, or the text is longer than can be read
   * @see https://www.alibabacloud.com/help/en/oss/developer-reference/putobject
   */
  async put(
    name: string,
    text: string,
    headers: Readonly<Record<string, string>>,
    within: TimeBudget,
  ): Promise<void> {
    const content = Buffer.from(text);
    if (content.length > MAX_OBJECT_BYTES) throw tooLarge(content.length);
    const { res } = await this.#call(200, name, within, async (client, key) =>
      client.put(key, content, { mime: "application/json", headers }),
    );
    // Also present when versioning is suspended: the id is then the text "null".
    if (res.headers["x-oss-version-id"] === undefined) return;
    throw new StateError(
      "UNAVAILABLE",
      `The bucket ${this.#options.bucket} keeps versions of its objects, or did once. Two runs could not be kept apart there: use a bucket that never had versioning for the state.`,
    );
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
  ): Promise<T> {
    const { bucket, prefix, endpoint, callTimeoutMs, retryPolicy } = this.#options;
    const subject = { bucket, prefix, host: endpoint.host };
    // Before the attempt, whose time limit is for the call alone.
    const Client = await loadOssClient();
    const attempt = async (): Promise<T> => {
      const budget = startTimeBudget(callTimeoutMs, "TIMEOUT", within);
      const call = new OssCall(this.#options, budget);
      try {
        const answer = await operation(call.clientOf(Client), prefix + name);
        assertDone(status, subject, call.exchange);
        return answer;
      } catch (error) {
        throw classifyOssFailure(call.transportError ?? error, subject, call.exchange);
      } finally {
        budget.release();
      }
    };
    return retry(attempt, retryPolicy, within);
  }
}

/** Says so before the object in the bucket is replaced by one that no run could read. */
function tooLarge(bytes: number): StateError {
  const [size, limit] = [bytes, MAX_OBJECT_BYTES].map((it) => Math.ceil(it / 1_048_576));
  return new StateError(
    "UNAVAILABLE",
    `The state has ${size} MiB, and ${limit} MiB is the most that is written: it is not remembered. Divide the accounts among deployments, each with a state of its own.`,
  );
}
