import type OssClient from "ali-oss";

import type { RetryPolicy } from "../retry/retry.ts";
import type { TimeBudget } from "../retry/time-budget.ts";
import { callOss, type OssAccess } from "./call-oss.ts";
import { type BucketContents, OssError } from "./oss-error.ts";
import { type BucketWorm, parseWorm } from "./parse-worm.ts";

/** Nothing is changed, so that a call can be repeated freely. */
const RETRY_POLICY: RetryPolicy = { maxAttempts: 4, baseDelayMs: 400, maxDelayMs: 4_000 };
/** Long enough for the largest object on a slow line. */
const CALL_TIMEOUT_MS = 60_000;
/** The most names that OSS returns at once. */
const PAGE = 1_000;

export interface OssReaderOptions extends Omit<OssAccess, "contents" | "keepsConnections"> {
  /** Begins the name of every object: empty, or with a slash at its end. */
  readonly prefix: string;
  readonly contents: Pick<BucketContents, "called" | "maxBytes">;
  /** Milliseconds for one attempt. @default 60_000 */
  readonly callTimeoutMs?: number;
  /** @default three more attempts */
  readonly retryPolicy?: RetryPolicy;
}

/**
 * Reads what is below a prefix of a bucket, through ali-oss, and changes nothing. Every method retries,
 * and throws {@link OssError} when the call fails.
 */
export class OssReader {
  readonly #options: Required<OssReaderOptions>;

  constructor(options: OssReaderOptions) {
    this.#options = { callTimeoutMs: CALL_TIMEOUT_MS, retryPolicy: RETRY_POLICY, ...options };
  }

  /**
   * Lists the names of all objects below the prefix, without it, in the order of their bytes.
   *
   * @see https://www.alibabacloud.com/help/en/oss/developer-reference/listobjectsv2
   */
  async list(within: TimeBudget): Promise<string[]> {
    const names: string[] = [];
    for (;;) {
      // The last name instead of the service's token: it says by itself where the next page begins.
      const page = await this.#listAfter(names.at(-1), within);
      names.push(...page.names);
      if (!page.isTruncated) return names;
    }
  }

  async #listAfter(last: string | undefined, within: TimeBudget): Promise<Page> {
    const { prefix } = this.#options;
    const query = {
      prefix,
      ...(last === undefined ? {} : { "start-after": prefix + last }),
      "max-keys": String(PAGE),
      // A name may have characters that XML cannot.
      "encoding-type": "url",
    } as const;
    const list = async (client: OssClient): Promise<Page> => {
      const { objects, keyCount, isTruncated } = await client.listV2(query);
      const names = objects.flatMap(({ name }) => nameBelow(prefix, name) ?? []);
      const areAll = names.length === objects.length && keyCount === objects.length;
      const goesOn = names.length > 0 && (last === undefined || isAfter(names[0] ?? "", last));
      if (areAll && (goesOn || (names.length === 0 && !isTruncated))) return { names, isTruncated };
      throw this.#malformed("the list of objects");
    };
    return this.#call({ actions: "oss:ListObjects", areOnBucket: true }, list, within);
  }

  /**
   * Reads an object.
   *
   * @param maxBytes - more of them is an error. @default those of the contents
   * @returns null if it does not exist
   * @see https://www.alibabacloud.com/help/en/oss/developer-reference/getobject
   */
  async read(
    name: string,
    within: TimeBudget,
    maxBytes = this.#options.contents.maxBytes,
  ): Promise<Buffer | null> {
    const get = async (client: OssClient): Promise<Buffer> =>
      (await client.get(this.#options.prefix + name)).content;
    return this.#call({ actions: "oss:GetObject", maxBytes }, get, within).catch(
      nullIf("NoSuchKey"),
    );
  }

  /**
   * Reads the retention policy of the bucket.
   *
   * @returns null if it has none
   * @see https://www.alibabacloud.com/help/en/oss/developer-reference/getbucketworm
   */
  async worm(within: TimeBudget): Promise<BucketWorm | null> {
    const get = async (client: OssClient): Promise<BucketWorm> => {
      const worm = parseWorm(await client.getBucketWorm(this.#options.bucket));
      if (worm === null) throw this.#malformed("the retention policy of the bucket");
      return worm;
    };
    const rights = { actions: "oss:GetBucketWorm", areOnBucket: true };
    return this.#call(rights, get, within).catch(nullIf("NoSuchWORMConfiguration"));
  }

  async #call<T>(
    about: Pick<BucketContents, "actions" | "areOnBucket"> & { readonly maxBytes?: number },
    operation: (client: OssClient) => Promise<T>,
    within: TimeBudget,
  ): Promise<T> {
    const { contents } = this.#options;
    const access = {
      ...this.#options,
      contents: { ...contents, ...about },
      keepsConnections: true,
    };
    return callOss({ ...this.#options, access }, 200, operation, within);
  }

  #malformed(what: string): OssError {
    const { host } = this.#options.endpoint;
    return new OssError(
      null,
      `${host} answered with something else than ${what}. Check whether a proxy on the way changes answers.`,
      { retryable: "always" },
    );
  }
}

/** Names without the prefix, and whether more follow. */
interface Page {
  readonly names: readonly string[];
  readonly isTruncated: boolean;
}

/** Whether a name follows another one in the order of OSS: without it, a list could have no end. */
function isAfter(name: string, other: string): boolean {
  return Buffer.compare(Buffer.from(name), Buffer.from(other)) > 0;
}

/** @returns null for what is no name below the prefix */
function nameBelow(prefix: string, encoded: unknown): string | null {
  if (typeof encoded !== "string") return null;
  try {
    // Some encoders write a space as a plus sign; a plus sign itself is always escaped.
    const key = decodeURIComponent(encoded.replaceAll("+", "%20"));
    return key.startsWith(prefix) ? key.slice(prefix.length) : null;
  } catch {
    return null;
  }
}

/** Takes an error of the service's as the answer that something does not exist. */
function nullIf(code: string): (error: unknown) => null {
  return (error) => {
    if (error instanceof OssError && error.code === code) return null;
    throw error;
  };
}
