import { $OpenApiUtil } from "@alicloud/openapi-core";
import { RuntimeOptions } from "@darabonba/typescript";
import type { InferOutput } from "valibot";

import type { Answer, CallLimit } from "../../audit/cloud.ts";
import type { Endpoint } from "../../http/endpoint.ts";
import type { Transport } from "../../http/transport.ts";
import type { Credentials } from "../../service/credentials.ts";
import { CheckedClient } from "./checked-client.ts";
import type { CallSubject } from "./classify-answer.ts";
import { exchangeOf } from "./classify-failure.ts";
import { failedCall } from "./failed-call.ts";
import type { AnswerSchema } from "./read-answer.ts";
import { SdkCall } from "./sdk-transport.ts";

/** Empty, because the limits of a call are in its {@link SdkCall}. */
const NO_OPTIONS = new RuntimeOptions({});

/** The endpoint that a client calls, and the identity with which it does. */
export interface ClientTarget {
  /** Undefined for an unsigned call. */
  readonly credentials?: Credentials | undefined;
  /** Appended to the SDK's own user agent. */
  readonly userAgent: string;
  /** Undefined: the SDK chooses the endpoint by the region. */
  readonly endpoint?: Endpoint | undefined;
  readonly regionId?: string | undefined;
  readonly transport: Transport;
}

/**
 * Makes one call through the SDK.
 *
 * @param schema - validates the body of the answer
 * @param call - makes the call with the given client
 * @param limit - ends the call
 * @throws `CallError`, and no other error
 */
export async function ask<S extends AnswerSchema>(
  subject: Omit<CallSubject, "endpoint">,
  { credentials, userAgent, regionId, endpoint, transport }: ClientTarget,
  schema: S,
  call: (client: CheckedClient<S>, runtime: RuntimeOptions) => Promise<unknown>,
  limit: CallLimit,
): Promise<Answer<InferOutput<S>>> {
  const sdkCall = new SdkCall(transport, limit);
  // Created empty: with fields, the constructor would load the SDK's credential providers.
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
    throw failedCall(error, { ...subject, endpoint: host }, exchange);
  }
}
