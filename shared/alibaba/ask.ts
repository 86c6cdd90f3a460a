import { $OpenApiUtil } from "@alicloud/openapi-core";
import { RuntimeOptions } from "@darabonba/typescript";
import type { InferOutput } from "valibot";

import type { Answer, CallLimit } from "../audit/cloud.ts";
import type { Credentials } from "../service/credentials.ts";
import type { Endpoint } from "../http/endpoint.ts";
import type { Transport } from "../http/transport.ts";
import type { AnswerSchema } from "./answers.ts";
import { CheckedClient } from "./checked-client.ts";
import type { CallSubject } from "./classify-answer.ts";
import { classifyFailure, exchangeOf } from "./classify-failure.ts";
import { SdkCall } from "./sdk-transport.ts";

/** Empty: the limits of a call are in its {@link SdkCall}. */
const NO_OPTIONS = new RuntimeOptions({});

/** Where a client asks, and as whom. */
export interface ClientTarget {
  /** Undefined for a call without a signature. */
  readonly credentials?: Credentials | undefined;
  /** Added to the SDK's own user agent. */
  readonly userAgent: string;
  /** Undefined: the SDK's own map of regional endpoints decides. */
  readonly endpoint?: Endpoint | undefined;
  readonly regionId?: string | undefined;
  readonly transport: Transport;
}

/**
 * Makes one call through the SDK, within a limit.
 *
 * @param schema - what the answer must be
 * @param call - makes it with the client that it is given
 * @throws `CallError`, and nothing else
 */
export async function ask<S extends AnswerSchema>(
  subject: Omit<CallSubject, "endpoint">,
  { credentials, userAgent, regionId, endpoint, transport }: ClientTarget,
  schema: S,
  call: (client: CheckedClient<S>, runtime: RuntimeOptions) => Promise<unknown>,
  limit: CallLimit,
): Promise<Answer<InferOutput<S>>> {
  const sdkCall = new SdkCall(transport, limit);
  // Without fields, which would load every way to find keys; the client copies what is in it.
  const config = new $OpenApiUtil.Config();
  config.userAgent = userAgent;
  if (regionId !== undefined) config.regionId = regionId;
  if (endpoint !== undefined) {
    config.endpoint = endpoint.host;
    config.protocol = endpoint.protocol;
  }
  config.retryOptions = sdkCall;
  const client = new CheckedClient(config, schema, credentials);
  const { _endpoint: host } = client;
  const { exchange } = sdkCall;
  try {
    await call(client, NO_OPTIONS);
    const value = client.answer;
    return { value, exchange: exchangeOf(host, exchange, value.RequestId) };
  } catch (error) {
    const failure = classifyFailure(
      exchange.endedBy ?? error,
      { ...subject, endpoint: host },
      exchange,
    );
    // After what is not the service's, its answers on this connection may be to earlier requests.
    if (failure.code === "MALFORMED_RESPONSE") exchange.closeConnection();
    throw failure;
  }
}
