import { $OpenApiUtil } from "@alicloud/openapi-core";
import { RuntimeOptions } from "@darabonba/typescript";
import type { InferOutput } from "valibot";

import type { Answer, CallLimit } from "../audit/cloud.ts";
import type { Credentials } from "../credentials.ts";
import type { Endpoint } from "../http/endpoint.ts";
import type { Transport } from "../http/transport.ts";
import type { AnswerSchema } from "./answers.ts";
import { CheckedClient } from "./checked-client.ts";
import type { CallSubject } from "./classify-answer.ts";
import { classifyFailure, exchangeOf } from "./classify-failure.ts";
import { SdkCall } from "./sdk-transport.ts";

/** What is to be known of a call, its {@link SdkCall} says. */
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
  // Filled in afterwards: to be given its fields it would load every way to find keys.
  const config = Object.assign(new $OpenApiUtil.Config(), {
    credential: credentials === undefined ? undefined : sdkCredential(credentials),
    userAgent,
    regionId,
    endpoint: endpoint?.host,
    protocol: endpoint?.protocol,
    retryOptions: sdkCall,
  });
  const client = new CheckedClient(config, schema);
  const { _endpoint: host } = client;
  try {
    await call(client, NO_OPTIONS);
    const value = client.answer;
    return { value, exchange: exchangeOf(host, sdkCall.exchange, value.RequestId) };
  } catch (error) {
    throw classifyFailure(
      sdkCall.exchange.endedBy ?? error,
      { ...subject, endpoint: host },
      sdkCall.exchange,
    );
  }
}

/** Keys as the SDK asks for them. */
function sdkCredential(keys: Credentials) {
  return { getCredential: async () => keys };
}
