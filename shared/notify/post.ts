import { type ExchangeLimit, HttpExchange } from "../http/exchange.ts";
import { ProxyError } from "../http/proxy-error.ts";
import { describeTlsFault } from "../http/tls-fault.ts";
import type { Transport } from "../http/transport.ts";
import { USER_AGENT } from "../program/tool.ts";
import { errorCode } from "../text/error-code.ts";
import { decodeBody, type Decoded } from "./answer/decode-body.ts";
import type { ReceiverAnswer } from "./answer/receiver-answer.ts";
import { DeliveryError } from "./delivery-error.ts";

/** No receiver confirms a message in a longer body. */
const MAX_ANSWER_BYTES = 64 * 1_024;

export interface PostRequest {
  readonly url: string;
  /** With names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
  /** Whether the receiver drops a message that it has received before. */
  readonly dropsRepeats: boolean;
  /** The time limit of the attempt. */
  readonly budget: ExchangeLimit["budget"];
}

/**
 * Posts JSON once, on a connection of its own, and follows no redirect.
 *
 * @returns the answer, whatever its status: chat vendors put their own codes into the body
 * @throws {@link DeliveryError} when there was no answer, or a 2xx whose body cannot be read
 */
export async function post(request: PostRequest, transport: Transport): Promise<ReceiverAnswer> {
  const { headers, body, budget, dropsRepeats } = request;
  const target = new URL(request.url);
  const { host, pathname, search } = target;
  const exchange = new HttpExchange();
  try {
    const answered = await exchange.send(
      {
        target,
        path: `${pathname}${search}`,
        method: "POST",
        headers: {
          "user-agent": USER_AGENT,
          ...headers,
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
          // Without it a server may choose any coding.
          "accept-encoding": "identity",
          // A kept connection may be closed at this moment, and the outcome would be unknown.
          connection: "close",
        },
        body,
      },
      transport,
      { budget, maxBytes: MAX_ANSWER_BYTES },
    );
    return await answerOf(exchange, host, answered);
  } catch (error) {
    if (error instanceof DeliveryError) throw error;
    // The status is enough for a refusal, also where its body cannot be read.
    const isRefusal = exchange.response !== undefined && exchange.response.status >= 300;
    if (isRefusal || exchange.oversized) return await answerOf(exchange, host, null);
    throw budget.endedBy !== null
      ? timeoutError(host, exchange.connected, dropsRepeats)
      : unreachableError(host, error, exchange.connected, dropsRepeats);
  }
}

/**
 * Decodes an answer. A refusal needs no readable body. A 2xx does: most vendors report in the body
 * that they have dropped the message.
 *
 * @param body - null where it is longer than 64 KB, or where a refusal's was not read
 */
async function answerOf(
  { response }: HttpExchange,
  host: string,
  body: Buffer | null,
): Promise<ReceiverAnswer> {
  const { status, headers } = response ?? { status: 0, headers: {} };
  const decoded: Decoded =
    body === null
      ? { kind: "tooLong" }
      : await decodeBody(body, headers["content-encoding"], MAX_ANSWER_BYTES);
  if (decoded.kind !== "decoded" && status < 300) {
    const problem = {
      tooLong: "with more than 64 KB, as no receiver does",
      unreadable: "in a content coding that cannot be read",
    }[decoded.kind];
    throw new DeliveryError(
      "REJECTED",
      `${host} answered HTTP ${status} ${problem}: delivery is not confirmed. Check the address, and whether something stands between.`,
      { retryable: "never", httpStatus: status, mayHaveArrived: true },
    );
  }
  const text = decoded.kind === "decoded" ? new TextDecoder().decode(decoded.body) : "";
  return { host, status, headers, text };
}

/** Once connected, the message may have arrived, and a repeat could arrive as a second message. */
function timeoutError(host: string, connected: boolean, dropsRepeats: boolean): DeliveryError {
  if (!connected) {
    return new DeliveryError("TIMEOUT", `${host} took no connection in time.`, {
      retryable: "always",
      httpStatus: null,
    });
  }
  return maybeArrivedError("TIMEOUT", `${host} did not answer in time`, dropsRepeats);
}

/**
 * Node's errors can contain the whole address, so only their code is kept.
 *
 * @param connected - whether there was a connection, so that the message may have arrived
 */
function unreachableError(
  host: string,
  error: unknown,
  connected: boolean,
  dropsRepeats: boolean,
): DeliveryError {
  if (error instanceof ProxyError) {
    const { message, retryable } = error;
    return new DeliveryError("UNREACHABLE", message, { retryable, httpStatus: null });
  }
  const certificate = describeTlsFault(host, error);
  if (certificate !== null) {
    return new DeliveryError("UNREACHABLE", certificate, { retryable: "never", httpStatus: null });
  }
  const code = errorCode(error) ?? "";
  const shown = /^[A-Z0-9_]+$/.test(code) ? ` (${code})` : "";
  if (!connected) {
    return new DeliveryError("UNREACHABLE", `${host} cannot be reached${shown}.`, {
      retryable: "always",
      httpStatus: null,
    });
  }
  return maybeArrivedError("UNREACHABLE", `${host} gave no complete answer${shown}`, dropsRepeats);
}

/** @param cause - the beginning of the sentence */
function maybeArrivedError(
  code: "TIMEOUT" | "UNREACHABLE",
  cause: string,
  dropsRepeats: boolean,
): DeliveryError {
  const end = dropsRepeats ? "." : ": it is not repeated.";
  return new DeliveryError(code, `${cause}, and the message may have arrived${end}`, {
    retryable: dropsRepeats ? "always" : "never",
    httpStatus: null,
    mayHaveArrived: true,
  });
}
