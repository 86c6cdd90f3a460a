import type OssClient from "ali-oss";

import { retry, type RetryPolicy } from "../retry/retry.ts";
import { startTimeBudget, type TimeBudget } from "../retry/time-budget.ts";
import { loadOssClient, type OssAccess, OssCall } from "./oss-client.ts";
import { assertDone, classifyOssFailure } from "./oss-error.ts";

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
