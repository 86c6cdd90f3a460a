import * as v from "valibot";

import { CredentialsError, RemoteError } from "../audit/run-error.ts";
import type { TimeBudget } from "../time-budget.ts";
import { describeCertificateFault } from "../http/certificate-fault.ts";
import { cleanId } from "../clean-id.ts";
import type { Credentials } from "../credentials.ts";
import type { Endpoint } from "../http/endpoint.ts";
import type { Sighting } from "../http/exchange.ts";
import { observeExchange } from "../observe-exchange.ts";

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
}

/**
 * Invokes the deployed audit function and waits for its answer.
 *
 * @param event - what the function is asked
 * @returns what it answered, not checked
 * @throws {@link CredentialsError} when the credentials are half of temporary ones
 * @throws {@link RemoteError} when it could not be invoked, or failed
 */
export async function invokeAudit(
  target: RemoteFunction,
  event: Readonly<Record<string, unknown>>,
  budget: TimeBudget,
): Promise<unknown> {
  const client = await createClient(target, budget);
  const path = `/functions/${encodeURIComponent(target.functionName)}/invocations`;
  const query = target.qualifier === undefined ? {} : { qualifier: target.qualifier };
  const { result, sighting } = observeExchange(budget.signal, () =>
    client.post(path, JSON.stringify(event), {}, query),
  );
  try {
    const data = parsed((await result).data);
    if (!hasFailed(sighting)) return data;
    throw functionFailed(target, data);
  } catch (error) {
    if (error instanceof RemoteError) throw error;
    throw hasFailed(sighting) ? functionFailed(target, null) : explain(error, target, sighting);
  }
}

/** Loaded here: it takes long, and only a remote audit needs it. */
async function createClient(target: RemoteFunction, budget: TimeBudget) {
  const { default: FunctionComputeClient } = await import("@alicloud/fc2").catch(
    (error: unknown) => {
      const text = "The package @alicloud/fc2 is not here: run this in a checkout, after npm ci.";
      throw new RemoteError(text, { cause: error });
    },
  );
  const { accountId, credentials, endpoint, regionId } = target;
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
    timeout: budget.remainingMs(),
  });
  client.version = API_VERSION;
  client.securityToken = securityToken;
  return client;
}

/** A function's error is HTTP 200 all the same, and can carry any body. */
function hasFailed({ response }: Sighting): boolean {
  return response?.headers["x-fc-error-type"] !== undefined;
}

/** fc2 parses what is called JSON; whether Function Compute calls an answer so depends. */
function parsed(data: unknown): unknown {
  return typeof data === "string" ? JSON.parse(data) : data;
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

/** What fc2 throws has its status in its text only, and an error of its own for some answers. */
function explain(error: unknown, target: RemoteFunction, { response }: Sighting): RemoteError {
  const { functionName, regionId, accountId } = target;
  const code = error instanceof Error && "code" in error ? cleanId(error.code) : null;
  const status = response?.status;
  const told = [status === undefined ? null : `HTTP ${status}`, code].filter(Boolean).join(", ");
  const because = (text: string): RemoteError =>
    new RemoteError(`${text} (${told || "no answer"})`);
  const where = `${functionName} in ${regionId}, account ${accountId}`;
  if (error === "TIMEOUT") return because(`The function ${functionName} did not answer in time.`);
  if (code === "ENOTFOUND") {
    return because(
      `No host was found for Function Compute in ${regionId}, account ${accountId}. Correct --region or --account, or look at the network and its DNS.`,
    );
  }
  if (CREDENTIALS_CODES.test(code ?? "")) {
    return because(
      "The credentials were refused. Check the access key, its secret and the security token's expiry.",
    );
  }
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
  if (status === undefined) {
    const certificate = describeCertificateFault(`Function Compute in ${regionId}`, error);
    if (certificate !== null) return new RemoteError(certificate);
    return because(`Function Compute cannot be reached in ${regionId}.`);
  }
  if (status >= 200 && status < 300) {
    return because(`What answered for ${where} gave no report. Look at what is deployed there.`);
  }
  return because(`Function Compute refused to invoke ${where}.`);
}

const CREDENTIALS_CODES =
  /^(InvalidAccessKeyID|InvalidSecurityToken|Signature.*|InvalidTimestamp)(\.|$)/i;
