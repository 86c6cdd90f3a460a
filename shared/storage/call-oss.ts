import type OssClient from "ali-oss";

import type { Endpoint } from "../http/endpoint.ts";
import { HttpExchange } from "../http/exchange.ts";
import type { Transport } from "../http/transport.ts";
import { retry, type RetryPolicy } from "../retry/retry.ts";
import { startTimeBudget, type TimeBudget } from "../retry/time-budget.ts";
import type { Credentials } from "../service/credentials.ts";
import { assertDone, type BucketContents, classifyOssFailure, OssError } from "./oss-error.ts";

/** A bucket, and the identity and the transport with which it is accessed. */
export interface OssAccess {
  readonly bucket: string;
  readonly contents: BucketContents;
  readonly regionId: string;
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
  readonly transport: Transport;
  /** Whether connections are kept for further calls, of which a run makes a few only. @default false */
  readonly keepsConnections?: boolean;
}

/**
 * One call to OSS. ali-oss makes and signs the request, and our transport sends it, so that the
 * program's proxy settings and time limits apply.
 */
class OssCall {
  readonly exchange = new HttpExchange();
  /** The error of the transport. ali-oss throws one of its own instead, without the code. */
  transportError: unknown;
  readonly #access: OssAccess;
  readonly #budget: TimeBudget;

  /** @param budget - ends the call */
  constructor(access: OssAccess, budget: TimeBudget) {
    this.#access = access;
    this.#budget = budget;
  }

  /** A client of the package whose requests belong to this call. */
  clientOf(Client: typeof OssClient): OssClient {
    const { bucket, regionId, endpoint, credentials } = this.#access;
    return new Client({
      accessKeyId: credentials.accessKeyId,
      accessKeySecret: credentials.accessKeySecret,
      stsToken: credentials.securityToken,
      refreshSTSTokenInterval: 1,
      bucket,
      endpoint: `${endpoint.protocol.toLowerCase()}://${endpoint.host}`,
      region: `oss-${regionId}`,
      authorizationV4: true,
      urllib: { request: async (url, request) => this.#send(url, request) },
    });
  }

  async #send(url: string, { method, headers, content }: OssRequest): Promise<OssResponse> {
    const target = new URL(url);
    const request = {
      target,
      path: `${target.pathname}${target.search}`,
      method,
      headers: this.#access.keepsConnections ? headers : { ...headers, connection: "close" },
      body: content ?? "",
    };
    const limit = { budget: this.#budget, maxBytes: this.#access.contents.maxBytes };
    try {
      const data = await this.exchange.send(request, this.#access.transport, limit);
      const { status, headers: answered } = this.exchange.response ?? { status: 0, headers: {} };
      return { status, headers: answered, data, res: { headers: answered } };
    } catch (error) {
      this.transportError = error;
      throw error;
    }
  }
}

type OssSender = ConstructorParameters<typeof OssClient>[0]["urllib"]["request"];
type OssRequest = Parameters<OssSender>[1];
type OssResponse = Awaited<ReturnType<OssSender>>;

/** How a call to a bucket is made. */
export interface OssCallOptions {
  readonly access: OssAccess;
  /** Begins the names of the objects in question, for messages. */
  readonly prefix: string;
  /** Milliseconds for one attempt. */
  readonly callTimeoutMs: number;
  readonly retryPolicy: RetryPolicy;
}

/**
 * Makes a call to OSS, and repeats it as the policy allows.
 *
 * @param expected - the only status that means complete success
 * @param operation - called for each attempt, with a client whose requests belong to that attempt
 * @param within - ends the call
 * @throws {@link OssError} when the call fails
 */
export async function callOss<T>(
  { access, prefix, callTimeoutMs, retryPolicy }: OssCallOptions,
  expected: number,
  operation: (client: OssClient) => Promise<T>,
  within: TimeBudget,
): Promise<T> {
  const { bucket, endpoint, contents } = access;
  const subject = { bucket, prefix, host: endpoint.host, contents };
  // Before the attempt, whose time limit is for the call alone.
  const Client = await loadOssClient();
  const attempt = async (): Promise<T> => {
    const budget = startTimeBudget(callTimeoutMs, "TIMEOUT", within);
    const call = new OssCall(access, budget);
    try {
      const answer = await operation(call.clientOf(Client));
      assertDone(expected, subject, call.exchange);
      return answer;
    } catch (error) {
      // What follows on the connection could be the rest of this answer.
      call.exchange.closeConnection();
      throw classifyOssFailure(call.transportError ?? error, subject, call.exchange);
    } finally {
      budget.release();
    }
  };
  return retry(attempt, retryPolicy, within);
}

/**
 * Imports ali-oss on first use: it loads slowly, and only what is kept in OSS needs it.
 *
 * @throws {@link OssError} when the package cannot be loaded
 */
async function loadOssClient(): Promise<typeof OssClient> {
  const { default: Client } = await import("ali-oss").catch((error: unknown) => {
    throw new OssError(
      null,
      "The client of OSS cannot be loaded: the folder lazy is not beside the program. Deploy or copy the whole folder that was built.",
      { retryable: "never", cause: error },
    );
  });
  return Client;
}
