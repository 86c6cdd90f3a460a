import { type IncomingHttpHeaders, type IncomingMessage, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";

import { describeCertificateFault } from "../certificate-fault.ts";
import { USER_AGENT } from "../tool.ts";
import { DeliveryError } from "./delivery-error.ts";

/** No receiver has more to say that matters. */
const MAX_ANSWER_BYTES = 64 * 1_024;

export interface PostRequest {
  readonly url: string;
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
  /** The first 64 KB. */
  readonly text: string;
  /** Whether there was no more than that. */
  readonly complete: boolean;
}

/**
 * Posts JSON once, on a connection of its own, and follows no redirect. It is not `fetch`, which
 * costs a cold start 30 ms and does not tell whether the request was under way.
 *
 * @returns the answer, whatever its status: chat vendors put their own codes into the body
 * @throws {@link DeliveryError} when no answer came
 */
export async function post(request: PostRequest): Promise<Answer> {
  const { host } = new URL(request.url);
  let connected = false;
  let taken = false;
  let refused = false;
  try {
    const response = await exchange(request, () => (connected = true));
    taken = Number(response.statusCode) < 300;
    refused = isRefusal(Number(response.statusCode));
    const { text, complete } = await readCapped(response);
    return { host, status: response.statusCode ?? 0, headers: response.headers, text, complete };
  } catch (error) {
    const mayHaveArrived = connected && !refused;
    throw request.signal.aborted
      ? timeoutError(host, connected, request.dropsRepeats, mayHaveArrived)
      : unreachableError(host, error, taken && !request.dropsRepeats, mayHaveArrived);
  }
}

/** Whether a status says that the message was not taken, whatever the rest of the answer says. */
function isRefusal(status: number): boolean {
  return status >= 300 && status !== 502 && status !== 504;
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
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
        "user-agent": USER_AGENT,
        ...headers,
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
async function readCapped(
  response: IncomingMessage,
): Promise<{ readonly text: string; readonly complete: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) break;
  }
  const bytes = Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES);
  return { text: new TextDecoder().decode(bytes), complete: size <= MAX_ANSWER_BYTES };
}

/** Once there was a connection the message may have arrived, and a repeat would be a second one. */
function timeoutError(
  host: string,
  connected: boolean,
  dropsRepeats: boolean,
  mayHaveArrived: boolean,
): DeliveryError {
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
    mayHaveArrived,
  });
}

/**
 * What Node throws can carry the whole address, so of it only the code is kept.
 *
 * @param mayRepeat - whether another attempt may bring a message that was taken a second time: an
 * answer that said so had begun
 */
function unreachableError(
  host: string,
  error: unknown,
  mayRepeat: boolean,
  mayHaveArrived: boolean,
): DeliveryError {
  const certificate = describeCertificateFault(host, error);
  if (certificate !== null) {
    return new DeliveryError("UNREACHABLE", certificate, { retryable: "never", httpStatus: null });
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const shown = /^[A-Z0-9_]+$/.test(code) ? ` (${code})` : "";
  if (mayRepeat) {
    const told = `${host} cut its answer short${shown}, and the message may have arrived: it is not repeated.`;
    return new DeliveryError("UNREACHABLE", told, {
      retryable: "never",
      httpStatus: null,
      mayHaveArrived,
    });
  }
  return new DeliveryError("UNREACHABLE", `${host} cannot be reached${shown}.`, {
    retryable: "always",
    httpStatus: null,
    mayHaveArrived,
  });
}
