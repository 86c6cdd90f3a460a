import { type IncomingHttpHeaders, type IncomingMessage, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";

import { describeCertificateFault } from "../http/certificate-fault.ts";
import { USER_AGENT } from "../tool.ts";
import { decodeBody, type Decoded } from "./answer/decode-body.ts";
import { DeliveryError } from "./delivery-error.ts";

/** No receiver has more to say that matters. */
const MAX_ANSWER_BYTES = 64 * 1_024;

export interface PostRequest {
  readonly url: string;
  /** Their names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
  /** Whether the receiver drops a message that it has had already. */
  readonly dropsRepeats: boolean;
  /** Aborted when the attempt's time is up. */
  readonly signal: AbortSignal;
}

/** What was answered, whatever it means. */
export interface Answer {
  /** All of the address that may be shown. */
  readonly host: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Decoded; empty also where a refusal's body cannot be read, or is longer than 64 KB. */
  readonly text: string;
}

/**
 * Posts JSON once, on a connection of its own, and follows no redirect. It is not `fetch`, which
 * costs a cold start 30 ms and does not tell whether the request was under way.
 *
 * @returns the answer, whatever its status: chat vendors put their own codes into the body
 * @throws {@link DeliveryError} when no answer came, or a 2xx whose body cannot be read
 */
export async function post(request: PostRequest): Promise<Answer> {
  const { host } = new URL(request.url);
  // A request is short: once there is a connection all of it is under way.
  let connected = false;
  try {
    const response = await exchange(request, () => (connected = true));
    const status = response.statusCode ?? 0;
    // What a refusal says beside its status is lost with the body, and no more than that.
    const read = readCapped(response);
    const body = await (status < 300 ? read : read.catch(() => Buffer.alloc(0)));
    return answerOf(response, host, status, body);
  } catch (error) {
    if (error instanceof DeliveryError) throw error;
    throw request.signal.aborted
      ? timeoutError(host, connected, request.dropsRepeats)
      : unreachableError(host, error, connected, request.dropsRepeats);
  }
}

function exchange(
  { url, headers, body, signal }: PostRequest,
  onConnected: () => void,
): Promise<IncomingMessage> {
  const target = new URL(url);
  const secure = target.protocol === "https:";
  return new Promise((resolve, reject) => {
    const outgoing = (secure ? httpsRequest : httpRequest)(target, {
      method: "POST",
      // No pool: a connection that is kept would keep the process.
      agent: false,
      signal,
      headers: {
        "user-agent": USER_AGENT,
        ...headers,
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
        // Without it any coding may come.
        "accept-encoding": "identity",
      },
    });
    outgoing.once("socket", (socket) => {
      socket.once(secure ? "secureConnect" : "connect", onConnected);
    });
    outgoing.once("response", resolve);
    outgoing.on("error", reject);
    // An answer that switches protocols closes the connection, and is neither answer nor error.
    outgoing.once("close", () => reject(new Error("closed without an answer")));
    outgoing.end(body);
  });
}

/** Reads no further than the cap: leaving the loop cuts the connection. */
async function readCapped(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks);
}

/**
 * Decodes an answer. A refusal counts by its status even where its body cannot be read; a success
 * does not, for most vendors say in the body that they have dropped the message.
 */
function answerOf(
  { headers }: IncomingMessage,
  host: string,
  status: number,
  body: Buffer,
): Answer {
  const decoded: Decoded =
    body.length > MAX_ANSWER_BYTES
      ? { kind: "tooLong" }
      : decodeBody(body, headers["content-encoding"], MAX_ANSWER_BYTES);
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

/** Once there was a connection the message may have arrived, and a repeat would be a second one. */
function timeoutError(host: string, connected: boolean, dropsRepeats: boolean): DeliveryError {
  if (!connected) {
    return new DeliveryError("TIMEOUT", `${host} took no connection in time.`, {
      retryable: "always",
      httpStatus: null,
    });
  }
  const told = `${host} did not answer in time, and the message may have arrived`;
  return new DeliveryError("TIMEOUT", dropsRepeats ? `${told}.` : `${told}: it is not repeated.`, {
    retryable: dropsRepeats ? "always" : "never",
    httpStatus: null,
    mayHaveArrived: true,
  });
}

/**
 * What Node throws can carry the whole address, so of it only the code is kept.
 *
 * @param connected - whether there was a connection: the message may have arrived then, and a
 * repeat would be a second one
 */
function unreachableError(
  host: string,
  error: unknown,
  connected: boolean,
  dropsRepeats: boolean,
): DeliveryError {
  const certificate = describeCertificateFault(host, error);
  if (certificate !== null) {
    return new DeliveryError("UNREACHABLE", certificate, { retryable: "never", httpStatus: null });
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const shown = /^[A-Z0-9_]+$/.test(code) ? ` (${code})` : "";
  if (!connected) {
    return new DeliveryError("UNREACHABLE", `${host} cannot be reached${shown}.`, {
      retryable: "always",
      httpStatus: null,
    });
  }
  const told = `${host} gave no complete answer${shown}, and the message may have arrived`;
  return new DeliveryError(
    "UNREACHABLE",
    dropsRepeats ? `${told}.` : `${told}: it is not repeated.`,
    {
      retryable: dropsRepeats ? "always" : "never",
      httpStatus: null,
      mayHaveArrived: true,
    },
  );
}
