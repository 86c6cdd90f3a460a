import * as v from "valibot";

import { CallError } from "../audit/call-error.ts";
import type { Answer, CallLimit } from "../audit/cloud.ts";
import type { LogStore, MissingLogStore } from "../audit/flow-log.ts";
import { HttpExchange } from "../http/exchange.ts";
import type { Credentials } from "../service/credentials.ts";
import { wholeNumber } from "./answer-fields.ts";
import { isLogStoreName, isProjectName } from "./log-service-names.ts";
import { readLogStoreSettings } from "./log-store-settings.ts";
import type { ClientTarget } from "./sdk/ask.ts";
import { exchangeOf } from "./sdk/classify-failure.ts";
import { failedCall } from "./sdk/failed-call.ts";
import { readAnswer, RefusedAnswerError } from "./sdk/read-answer.ts";
import { explainLogServiceCode, meaningOfLogServiceCode } from "./sls-codes.ts";
import { signLogServiceRequest } from "./sls-signature.ts";

/** Far more than the settings of a log store have. */
const MAX_ANSWER_BYTES = 1_024 * 1_024;

/** The operation, and what is particular to the service. */
const SUBJECT = {
  action: "log:GetLogStore",
  explain: explainLogServiceCode,
  meaningOf: meaningOfLogServiceCode,
  // The host is the project's own.
  hostProvesRegion: false,
};

/** The settings of a log store. Those of another one prove nothing, whoever mixed them up. */
const settingsOf = (logStoreName: string) =>
  v.object({
    RequestId: v.optional(v.string()),
    logstoreName: v.nullish(v.literal(logStoreName)),
    ttl: v.pipe(wholeNumber, v.minValue(1)),
  });

const Refusal = v.object({
  errorCode: v.optional(v.string()),
  errorMessage: v.optional(v.string(), ""),
});

/** What is missing, by the error code in lower case. */
const MISSING: Readonly<Record<string, MissingLogStore>> = {
  logstorenotexist: "no-log-store",
  projectnotexist: "no-project",
};

/** The endpoint of the log service, and the identity with which it is called. */
export interface LogServiceTarget extends ClientTarget {
  readonly credentials: Credentials;
}

/**
 * The settings of a log store. The log service has no RPC-style API, and its SDK loads a native addon, so
 * that it cannot be part of a bundle.
 *
 * @returns what is missing, where there is no such project in the region, or no such log store in it
 * @throws `CallError`, and no other error
 * @see https://www.alibabacloud.com/help/en/sls/developer-reference/api-sls-2020-12-30-getlogstore
 */
export async function getLogStore(
  { credentials, endpoint, transport, userAgent }: LogServiceTarget,
  regionId: string,
  projectName: string,
  logStoreName: string,
  limit: CallLimit,
): Promise<Answer<LogStore | MissingLogStore>> {
  assertNames(projectName, logStoreName);
  const host = `${projectName}.${regionId}.log.aliyuncs.com`;
  const { host: address, protocol } = endpoint ?? { host, protocol: "HTTPS" };
  const path = `/logstores/${logStoreName}`;
  const date = new Date().toUTCString();
  const request = {
    target: new URL(`${protocol.toLowerCase()}://${address}`),
    path,
    method: "GET",
    headers: {
      // Names the project, also where another endpoint is connected to.
      host,
      accept: "application/json",
      "user-agent": userAgent,
      ...signLogServiceRequest("GET", path, date, credentials),
    },
    body: "",
  };
  const exchange = new HttpExchange();
  try {
    const body = await exchange.send(request, transport, {
      budget: limit,
      maxBytes: MAX_ANSWER_BYTES,
    });
    const status = exchange.response?.status ?? 0;
    const value = readLogStore(logStoreName, status, JSON.parse(body.toString("utf8")));
    return { value, exchange: exchangeOf(address, exchange) };
  } catch (error) {
    throw failedCall(error, { ...SUBJECT, endpoint: address }, exchange);
  }
}

/** Names become a host and a path, so others than valid ones must not be asked for. */
function assertNames(projectName: string, logStoreName: string): void {
  if (isProjectName(projectName) && isLogStoreName(logStoreName)) return;
  const message = "The name of the project or of its log store is not one of the log service.";
  throw new CallError("MALFORMED_RESPONSE", message, {
    exchange: { requestId: null, endpoint: null, httpStatus: null },
    retryable: "never",
  });
}

/**
 * @param body - parsed, not validated
 * @throws `TypeError` for an error without a body of the service: it was written on the way
 */
function readLogStore(
  logStoreName: string,
  status: number,
  body: unknown,
): LogStore | MissingLogStore {
  if (status < 400) {
    const { ttl } = readAnswer(settingsOf(logStoreName), { statusCode: status, body });
    const settings = readLogStoreSettings(body);
    return { ttlDays: ttl, ...(settings !== undefined && { settings }) };
  }
  if (!v.is(Refusal, body)) throw new TypeError("The body of the error is not the service's.");
  const { errorCode, errorMessage = "" } = body;
  if (status === 404 && errorCode !== undefined) {
    const missing = MISSING[errorCode.toLowerCase()];
    if (missing !== undefined) return missing;
  }
  throw new RefusedAnswerError(errorCode, errorMessage, null, status);
}
