import { createHash } from "node:crypto";
import { stringify } from "node:querystring";

import * as v from "valibot";

import { CredentialsError, RemoteError, type RemoteErrorCode } from "../audit/run-error.ts";
import type { Endpoint } from "../http/endpoint.ts";
import { type ExchangeRequest, HttpExchange } from "../http/exchange.ts";
import { ProxyError } from "../http/proxy-error.ts";
import { describeTlsFault } from "../http/tls-fault.ts";
import type { Transport } from "../http/transport.ts";
import type { TimeBudget } from "../retry/time-budget.ts";
import type { Credentials } from "../service/credentials.ts";
import { cleanId, explainKind, kindOfCode } from "../service/service-code.ts";
import { errorCode } from "../text/error-code.ts";

/** The API of Function Compute 3.0. fc2 uses that of 2.0 by default. */
const API_VERSION = "2023-03-30";

/** The deployed audit function, and the credentials with which it is invoked. */
export interface RemoteFunction {
  readonly credentials: Credentials;
  readonly accountId: string;
  readonly regionId: string;
  readonly functionName: string;
  /** Version or alias; undefined for the latest. */
  readonly qualifier?: string | undefined;
  /** Overrides the region's endpoint. */
  readonly endpoint: Endpoint | null;
  readonly transport: Transport;
}

/** Function Compute's limit for a synchronous invocation. */
const MAX_ANSWER_BYTES = 32 * 1_024 * 1_024;

/**
 * Invokes the deployed audit function and waits for its answer. fc2 makes and signs the request, which
 * is sent over our transport, because fc2 has no proxy and no cancellation.
 *
 * @param event - the event for the function
 * @returns the function's answer, not validated
 * @throws {@link CredentialsError} when temporary credentials lack the security token
 * @throws {@link RemoteError} when the function cannot be invoked, or fails; its code says which
 * @see https://www.alibabacloud.com/help/en/functioncompute/fc/developer-reference/api-fc-2023-03-30-invokefunction
 */
export async function invokeAudit(
  target: RemoteFunction,
  event: Readonly<Record<string, unknown>>,
  budget: TimeBudget,
): Promise<unknown> {
  const request = await signedRequest(target, JSON.stringify(event));
  const exchange = new HttpExchange();
  const limit = { budget, maxBytes: MAX_ANSWER_BYTES };
  try {
    const body = parseBody(await exchange.send(request, target.transport, limit));
    const { status = 0, headers } = exchange.response ?? {};
    // An error of the function has HTTP status 200 and any body.
    if (headers?.["x-fc-error-type"] !== undefined) throw functionError(target, body);
    if (status >= 200 && status < 300 && body !== undefined) return body;
    throw answerError(codeOf(body), target, exchange);
  } catch (error) {
    if (error instanceof RemoteError) throw error;
    throw noAnswerError(error, target, exchange);
  }
}

async function signedRequest(target: RemoteFunction, body: string): Promise<ExchangeRequest> {
  const { default: FunctionComputeClient } = await loadPackage();
  const { accountId, credentials, endpoint, regionId, functionName, qualifier } = target;
  const { accessKeyId, accessKeySecret, securityToken } = credentials;
  if (accessKeyId.startsWith("STS") && securityToken === undefined) {
    throw new CredentialsError(
      "The credentials are temporary, and their security token is missing: set ALIBABA_CLOUD_SECURITY_TOKEN too.",
    );
  }
  const client = new FunctionComputeClient(accountId, {
    accessKeyID: accessKeyId,
    accessKeySecret,
    securityToken,
    region: regionId,
    secure: true,
    endpoint:
      endpoint === null ? undefined : `${endpoint.protocol.toLowerCase()}://${endpoint.host}`,
  });
  client.securityToken = securityToken;
  const path = `/${API_VERSION}/functions/${encodeURIComponent(functionName)}/invocations`;
  const query = qualifier === undefined ? "" : `?${stringify({ qualifier })}`;
  const digest = createHash("md5").update(body).digest("hex");
  const headers = {
    ...client.buildHeaders(),
    "content-type": "application/octet-stream",
    "content-length": String(Buffer.byteLength(body)),
    // Base64 of the hexadecimal digits of the digest, not of its bytes.
    "content-md5": Buffer.from(digest).toString("base64"),
  };
  const authorization = FunctionComputeClient.getSignature(
    accessKeyId,
    accessKeySecret,
    "POST",
    path,
    headers,
  );
  return {
    target: new URL(client.endpoint),
    path: `${path}${query}`,
    method: "POST",
    headers: { ...headers, authorization, connection: "close" },
    body,
  };
}

/** Imported on first use: it loads slowly, and only a remote audit needs it. */
async function loadPackage() {
  return import("@alicloud/fc2").catch((error: unknown) => {
    const text = "The package @alicloud/fc2 cannot be loaded: deploy or install again.";
    throw new RemoteError(text, { cause: error });
  });
}

/** @returns undefined for a body that is not JSON: a gateway's page, or a truncated answer */
function parseBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** The type is of the function's own errors; it is absent where Function Compute ended the function. */
const FunctionFailure = v.object({
  errorType: v.optional(v.string()),
  errorMessage: v.string(),
});
const MAX_MESSAGE_LENGTH = 1_000;

/** The audit function's errors contain no secrets. Control characters are removed for the terminal. */
function functionError({ functionName }: RemoteFunction, data: unknown): RemoteError {
  const { errorType, errorMessage } = v.is(FunctionFailure, data)
    ? data
    : { errorType: "unknown error", errorMessage: "Look at its log." };
  const detail = [errorType, errorMessage]
    .filter((part) => part !== undefined)
    .join(": ")
    .replaceAll(/[^\P{Cc}\n]/gu, "")
    .slice(0, MAX_MESSAGE_LENGTH);
  return new RemoteError(`The function ${functionName} failed. ${detail}`);
}

const Refusal = v.object({ ErrorCode: v.string() });

function codeOf(body: unknown): string | null {
  return v.is(Refusal, body) ? cleanId(body.ErrorCode) : null;
}

/** The error for a missing or incomplete answer. */
function noAnswerError(
  error: unknown,
  target: RemoteFunction,
  exchange: HttpExchange,
): RemoteError {
  const { functionName, regionId, accountId } = target;
  const status = exchange.response?.status;
  const code = cleanId(errorCode(error));
  const detail = [status === undefined ? null : `HTTP ${status}`, code].filter(Boolean).join(", ");
  // Nothing has been sent before there is a connection.
  const fallback = exchange.connected ? "NO_ANSWER" : "FAILED";
  const because = (text: string, code: RemoteErrorCode = fallback): RemoteError =>
    new RemoteError(`${text} (${detail || "no answer"})`, { code });
  if (exchange.endedBy !== undefined) {
    return because(`The function ${functionName} did not answer in time.`, "TIMEOUT");
  }
  if (error instanceof ProxyError) return new RemoteError(error.message);
  if (exchange.response?.headers["x-fc-error-type"] !== undefined) {
    return functionError(target, null);
  }
  if (status !== undefined) return answerError(code, target, exchange);
  if (code === "ENOTFOUND") {
    return because(
      `No host was found for Function Compute in ${regionId}, account ${accountId}. Correct the region or the account, or look at the network and its DNS.`,
    );
  }
  const tlsFault = describeTlsFault(`Function Compute in ${regionId}`, error);
  if (tlsFault !== null) return new RemoteError(tlsFault);
  return because(`Function Compute cannot be reached in ${regionId}.`);
}

/** The error for an answer that is not a report. */
function answerError(
  code: string | null,
  { functionName, regionId, accountId }: RemoteFunction,
  { response }: HttpExchange,
): RemoteError {
  const status = response?.status ?? 0;
  const detail = [`HTTP ${status}`, code].filter(Boolean).join(", ");
  const because = (text: string, code: RemoteErrorCode = "FAILED"): RemoteError =>
    new RemoteError(`${text} (${detail})`, { code });
  const where = `${functionName} in ${regionId}, account ${accountId}`;
  const kind = kindOfCode(code ?? "");
  if (kind !== null) {
    return new RemoteError(explainKind(kind, `(${detail})`), { code: "REFUSED" });
  }
  if (status === 403) {
    return because(
      `Access denied to ${where}. Allow fc:InvokeFunction on acs:fc:${regionId}:${accountId}:functions/${functionName}.`,
      "REFUSED",
    );
  }
  if (status === 404) {
    return because(
      `There is no function ${where}. Deploy it, or correct its name, qualifier or region.`,
      "NOT_FOUND",
    );
  }
  if (status === 429 || status === 503) {
    return because("Function Compute is busy. Try again later.", "BUSY");
  }
  if (status >= 200 && status < 300) {
    return because(`What answered for ${where} gave no report. Look at what is deployed there.`);
  }
  return because(
    `Function Compute refused to invoke ${where}.`,
    status >= 500 ? "NO_ANSWER" : "FAILED",
  );
}
