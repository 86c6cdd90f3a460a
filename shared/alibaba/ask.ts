import { $OpenApiUtil } from "@alicloud/openapi-core";
import { RuntimeOptions } from "@darabonba/typescript";
import type { InferOutput } from "valibot";

import type { Answer, CallLimit } from "../audit/cloud.ts";
import type { Credentials } from "../credentials.ts";
import type { Endpoint } from "../http/endpoint.ts";
import { observeExchange } from "../observe-exchange.ts";
import type { AnswerSchema } from "./answers.ts";
import type { CheckedClient } from "./checked-client.ts";
import type { CallSubject } from "./classify-answer.ts";
import { classifyFailure, exchangeOf } from "./classify-failure.ts";

/** The SDK's own timers must never be the first to strike: they miss a body that trickles. */
const SDK_TIMEOUT_MARGIN_MS = 1_000;

/** Where a client asks, and as whom. */
export interface ClientTarget {
  /** Undefined for a call without a signature. */
  readonly credentials?: Credentials | undefined;
  /** Added to the SDK's own user agent. */
  readonly userAgent: string;
  /** Undefined: the SDK's own map of regional endpoints decides. */
  readonly endpoint?: Endpoint | undefined;
  readonly regionId?: string | undefined;
}

/** The SDK's configuration for a target. */
export function clientConfig(target: ClientTarget): $OpenApiUtil.Config {
  const { credentials, userAgent, regionId, endpoint } = target;
  return new $OpenApiUtil.Config({
    ...credentials,
    userAgent,
    regionId,
    endpoint: endpoint?.host,
    protocol: endpoint?.protocol,
  });
}

/**
 * Makes one call through the SDK, within a limit.
 *
 * @throws `CallError`, and nothing else
 */
export async function ask<S extends AnswerSchema>(
  subject: Omit<CallSubject, "endpoint">,
  client: CheckedClient<S>,
  call: (client: CheckedClient<S>, runtime: RuntimeOptions) => Promise<unknown>,
  limit: CallLimit,
): Promise<Answer<InferOutput<S>>> {
  const endpoint = client._endpoint;
  const sdkTimeoutMs = Math.ceil(limit.remainingMs()) + SDK_TIMEOUT_MARGIN_MS;
  const runtime = new RuntimeOptions({ connectTimeout: sdkTimeoutMs, readTimeout: sdkTimeoutMs });
  const { result, sighting } = observeExchange(limit.signal, () => call(client, runtime));
  try {
    await result;
    const value = client.answer;
    return { value, exchange: exchangeOf(endpoint, sighting, value.RequestId) };
  } catch (error) {
    throw classifyFailure(error, { ...subject, endpoint }, sighting);
  }
}
