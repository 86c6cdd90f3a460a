import { parseRetryAfter } from "../retry-after.ts";
import { USER_AGENT } from "../tool.ts";
import { DeliveryError } from "./delivery-error.ts";

/** No receiver has more to say that matters. */
const MAX_RESPONSE_BYTES = 64 * 1_024;

export interface PostRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Aborted when the attempt's time is up. */
  readonly signal: AbortSignal;
}

export interface PostResponse {
  /** From 200 to 299. */
  readonly status: number;
  /** At most 64 KB. */
  readonly text: string;
}

/**
 * Posts JSON once.
 *
 * @throws {@link DeliveryError} when no answer came, or one that is not 2xx; a redirect is one
 */
export async function post(request: PostRequest): Promise<PostResponse> {
  const { host } = new URL(request.url);
  let response: Response;
  try {
    response = await fetch(request.url, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": USER_AGENT, ...request.headers },
      body: request.body,
      redirect: "manual",
      signal: request.signal,
    });
  } catch (error) {
    throw transportError(error, host, request);
  }
  const { status, ok } = response;
  if (!ok) {
    await response.body?.cancel().catch(() => {});
    throw answerError(status, host, parseRetryAfter(response.headers.get("retry-after")));
  }
  const text = await readCapped(response).catch((error: unknown) => {
    throw transportError(error, host, request);
  });
  if (text !== null) return { status, text };
  throw new DeliveryError(
    "REJECTED",
    `${host} answered with more than 64 KB, as no receiver does.`,
    {
      retryable: "never",
      httpStatus: status,
    },
  );
}

function answerError(
  status: number,
  host: string,
  retryAfterMs: number | undefined,
): DeliveryError {
  const told = `${host} answered HTTP ${status}`;
  if (status < 400) {
    return new DeliveryError("REDIRECTED", `${told}, a redirect. Use the final address.`, {
      retryable: "never",
      httpStatus: status,
    });
  }
  if (status === 429) {
    return new DeliveryError("THROTTLED", `${told}: too many messages.`, {
      retryable: "always",
      retryAfterMs,
      httpStatus: status,
    });
  }
  if (status === 408 || status === 425 || status >= 500) {
    return new DeliveryError("SERVER_ERROR", `${told}.`, {
      retryable: "always",
      retryAfterMs,
      httpStatus: status,
    });
  }
  return new DeliveryError("REJECTED", `${told}. Check the receiver's address and secret.`, {
    retryable: "never",
    httpStatus: status,
  });
}

/** What fetch throws can carry the whole address, so of it only the code is kept. */
function transportError(error: unknown, host: string, { signal }: PostRequest): DeliveryError {
  if (signal.aborted) {
    return new DeliveryError("TIMEOUT", `${host} did not answer in time.`, {
      // It may have arrived all the same: the receiver drops the repeat by its id.
      retryable: "always",
      httpStatus: null,
    });
  }
  const code = codeOf(error);
  return new DeliveryError(
    "UNREACHABLE",
    `${host} cannot be reached${code === null ? "" : ` (${code})`}.`,
    { retryable: "always", httpStatus: null },
  );
}

/** fetch wraps the socket's error as the cause of its own. */
function codeOf(error: unknown): string | null {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error) || !("code" in cause)) return null;
  return typeof cause.code === "string" && /^[A-Z0-9_]+$/.test(cause.code) ? cause.code : null;
}

/** Null where the body is larger than the cap; no more of it is read than that. */
async function readCapped(response: Response): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_RESPONSE_BYTES) return null;
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
