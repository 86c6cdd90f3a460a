import { createHash } from "node:crypto";
import { stringify } from "node:querystring";

import * as v from "valibot";

import { CredentialsError, RemoteError } from "../audit/run-error.ts";
import type { TimeBudget } from "../retry/time-budget.ts";
import { describeTlsFault } from "../http/tls-fault.ts";
import type { Credentials } from "../service/credentials.ts";
import type { Endpoint } from "../http/endpoint.ts";
import { type ExchangeRequest, HttpExchange } from "../http/exchange.ts";
import { ProxyError } from "../http/proxy-error.ts";
import { cleanId, explainKind, kindOfCode } from "../service/service-code.ts";
import type { Transport } from "../http/transport.ts";
import { errorCode } from "../text/error-code.ts";

/** The API of Function Compute 3.0; fc2 on its own speaks that of 2.0. */
const API_VERSION = "2023-03-30";

/** Where the deployed audit function is, and with whose credentials it is invoked. */
export interface RemoteFunction {
  readonly credentials: Credentials;
  readonly accountId: string;
  readonly regionId: string;
  readonly functionName: string;
  /** Version or alias; undefined for the latest. */
  readonly qualifier?: string | undefined;
  /** Instead of the region's own endpoint. */
  readonly endpoint: Endpoint | null;
  readonly transport: Transport;
}

/** What Function Compute takes and gives in one call. */
const MAX_ANSWER_BYTES = 32 * 1_024 * 1_024;

/**
 * Invokes the deployed audit function and waits for its answer. The request is fc2's, which signs it;
 * it is sent over our transport, since fc2 knows no proxy and no cancellation.
 *
 * @param event - what the function is asked
 * @returns what it answered, not checked
 * @throws {@link CredentialsError} when the credentials are half of temporary ones
 * @throws {@link RemoteError} when it could not be invoked, or failed
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
    const body = parsed(await exchange.send(request, target.transport, limit));
    const { status = 0, headers } = exchange.response ?? {};
    // A function's error is HTTP 200 all the same, and can carry any body.
    if (headers?.["x-fc-error-type"] !== undefined) throw functionFailed(target, body);
    if (status >= 200 && status < 300 && body !== undefined) return body;
    throw explain(codeOf(body), target, exchange);
  } catch (error) {
    if (error instanceof RemoteError) throw error;
    throw unanswered(error, target, exchange);
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
    // In base64, but of the digits of the digest.
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

/** Loaded here: it takes long, and only a remote audit needs it. */
async function loadPackage() {
  return import("@alicloud/fc2").catch((error: unknown) => {
    const text = "The package @alicloud/fc2 is not here: run this in a checkout, after npm ci.";
    throw new RemoteError(text, { cause: error });
  });
}

/** @returns undefined for what is no JSON: a gateway's page, an answer that was cut */
function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

const FunctionFailure = v.object({ errorType: v.string(), errorMessage: v.string() });
const MAX_MESSAGE_LENGTH = 1_000;

/** Our own function words its errors without secrets; nothing in them may move a cursor. */
function functionFailed({ functionName }: RemoteFunction, data: unknown): RemoteError {
  const { errorType, errorMessage } = v.is(FunctionFailure, data)
    ? data
    : { errorType: "unknown error", errorMessage: "Look at its log." };
  const told = `${errorType}: ${errorMessage}`
    .replaceAll(/[^\P{Cc}\n]/gu, "")
    .slice(0, MAX_MESSAGE_LENGTH);
  return new RemoteError(`The function ${functionName} failed. ${told}`);
}

const Refusal = v.object({ ErrorCode: v.string() });

function codeOf(body: unknown): string | null {
  return v.is(Refusal, body) ? cleanId(body.ErrorCode) : null;
}

/** Says what it means that no answer came, or not all of one. */
function unanswered(error: unknown, target: RemoteFunction, exchange: HttpExchange): RemoteError {
  const { functionName, regionId, accountId } = target;
  const status = exchange.response?.status;
  const code = cleanId(errorCode(error));
  const told = [status === undefined ? null : `HTTP ${status}`, code].filter(Boolean).join(", ");
  const because = (text: string): RemoteError =>
    new RemoteError(`${text} (${told || "no answer"})`);
  if (error === "TIMEOUT") return because(`The function ${functionName} did not answer in time.`);
  if (error instanceof ProxyError) return new RemoteError(error.message);
  if (exchange.response?.headers["x-fc-error-type"] !== undefined) {
    return functionFailed(target, null);
  }
  if (status !== undefined) return explain(code, target, exchange);
  if (code === "ENOTFOUND") {
    return because(
      `No host was found for Function Compute in ${regionId}, account ${accountId}. Correct --region or --account, or look at the network and its DNS.`,
    );
  }
  const certificate = describeTlsFault(`Function Compute in ${regionId}`, error);
  if (certificate !== null) return new RemoteError(certificate);
  return because(`Function Compute cannot be reached in ${regionId}.`);
}

/** Says what an answer means that is no report. */
function explain(
  code: string | null,
  { functionName, regionId, accountId }: RemoteFunction,
  { response }: HttpExchange,
): RemoteError {
  const status = response?.status ?? 0;
  const told = [`HTTP ${status}`, code].filter(Boolean).join(", ");
  const because = (text: string): RemoteError => new RemoteError(`${text} (${told})`);
  const where = `${functionName} in ${regionId}, account ${accountId}`;
  const kind = kindOfCode(code ?? "");
  if (kind !== null) return new RemoteError(explainKind(kind, `(${told})`));
  if (status === 403) {
    return because(
      `Access denied to ${where}. Allow fc:InvokeFunction on acs:fc:${regionId}:${accountId}:functions/${functionName}.`,
    );
  }
  if (status === 404) {
    return because(
      `There is no function ${where}. Deploy it, or correct --function, --qualifier or --region.`,
    );
  }
  if (status === 429 || status === 503) {
    return because("Function Compute is busy. Try again later.");
  }
  if (status >= 200 && status < 300) {
    return because(`What answered for ${where} gave no report. Look at what is deployed there.`);
  }
  return because(`Function Compute refused to invoke ${where}.`);
}
