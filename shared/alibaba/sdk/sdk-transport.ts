import { randomUUID } from "node:crypto";
import { stringify } from "node:querystring";

import { OpenApiUtil } from "@alicloud/openapi-core";
import { BytesReadable, RetryOptions } from "@darabonba/typescript";
import core from "@darabonba/typescript/dist/core.js";

import type { CallLimit } from "../../audit/cloud.ts";
import { HttpExchange } from "../../http/exchange.ts";
import type { Transport } from "../../http/transport.ts";

/** Far more than any answer of the API has, and far less than a small function's memory. */
const MAX_ANSWER_BYTES = 4 * 1_024 * 1_024;

/**
 * One call of the SDK: its transport, its limit, and its exchange. It is passed to a client as
 * `retryOptions`, the only option that the SDK passes unchanged to the function that sends the
 * request. As retry options, it tells the SDK not to retry.
 */
export class SdkCall extends RetryOptions {
  readonly exchange = new HttpExchange();
  readonly transport: Transport;
  readonly limit: CallLimit;

  constructor(transport: Transport, limit: CallLimit) {
    super({ retryable: false });
    this.transport = transport;
    this.limit = limit;
  }
}

/** The SDK's function that sends a request. */
type DoAction = typeof core.doAction;

const original = core.doAction;

/**
 * Sends a request of the SDK over our transport. The SDK's own function has no proxy and no
 * cancellation, uses its own timers, and prints headers when `DEBUG` is set.
 */
const doAction: DoAction = async (request, runtime) => {
  const call: unknown = runtime?.["retryOptions"];
  if (!(call instanceof SdkCall)) return original(request, runtime);
  const { protocol, headers, pathname, query, method, body } = request;
  const sent = body instanceof BytesReadable ? body.value : "";
  const sentMs = Date.now();
  const answer = await call.exchange.open(
    {
      target: new URL(`${protocol.toLowerCase()}://${headers["host"]}`),
      path: `${pathname}?${stringify(query)}`,
      method,
      headers: listOf(headers, Buffer.byteLength(sent)),
      body: sent,
    },
    call.transport,
    { budget: call.limit, maxBytes: MAX_ANSWER_BYTES },
  );
  call.transport.cloudClock.observe(answer.headers.date, sentMs, Date.now());
  return Object.assign(Object.create(core.Response.prototype), {
    statusCode: answer.statusCode,
    headers: answer.headers,
    body: answer,
  });
};

/** Headers as a list that alternates names and values, which Node writes fastest. */
function listOf(headers: Readonly<Record<string, string>>, contentLength: number): string[] {
  const list = ["content-length", String(contentLength)];
  for (const name in headers) list.push(name, String(headers[name]));
  return list;
}

// The SDK's modules look the function up at each call, so they use the replacement from now on.
Object.assign(core, { doAction });

// The SDK's nonces have 40 random bits, so that a few hundred thousand calls would contain duplicates.
Object.assign(OpenApiUtil, { getNonce: () => randomUUID() });
