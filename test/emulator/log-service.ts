import { randomBytes } from "node:crypto";
import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";

import type { KeyPair } from "./acs3-signature.ts";
import type { ActionAnswer } from "./answer.ts";
import { verifyLogSignature } from "./log-signature.ts";
import type { World } from "./world.ts";

/** Sent by every client of the log service, and by no other. */
const MARK = "x-log-apiversion";
const HOST = /^([a-z0-9-]+)\.([a-z0-9-]+)\.log\.aliyuncs\.com$/;
const LOG_STORE = /^\/logstores\/([^/?]+)$/;

/** How far a request's clock may be off, as the service allows it. */
const MAX_CLOCK_SKEW_MS = 15 * 60_000;

/** A request to the log service. */
export interface LogRequest {
  readonly action: string;
  readonly regionId: string;
  readonly projectName: string;
  readonly logStoreName: string;
}

/** The request of a message; null where it is for another service. */
export function readLogRequest({ headers, method, url = "/" }: IncomingMessage): LogRequest | null {
  if (headers[MARK] === undefined) return null;
  const [, projectName = "", regionId = ""] = HOST.exec(headers.host ?? "") ?? [];
  const [, logStoreName = ""] = LOG_STORE.exec(url) ?? [];
  const action = method === "GET" && logStoreName !== "" ? "GetLogStore" : `${method} ${url}`;
  return { action, regionId, projectName, logStoreName };
}

/** The service's error for a request that is not properly signed. */
export function logComplaintAbout(
  { headers, method = "", url = "" }: IncomingMessage,
  key: KeyPair | undefined,
  isExpired: boolean,
): ActionAnswer | null {
  if (headers["x-log-bodyrawsize"] === undefined) {
    return logError(400, "MissingBodyRawSize", "x-log-bodyrawsize does not exist in header.");
  }
  if (!(Math.abs(Date.now() - Date.parse(String(headers.date))) < MAX_CLOCK_SKEW_MS)) {
    return logError(400, "RequestTimeExpired", "Request time has been expired.");
  }
  if (isExpired) {
    return logError(401, "Unauthorized", "The security token you provided has expired.");
  }
  const problem = verifyLogSignature(method, url, headers, key === undefined ? [] : [key]);
  if (problem === null) return null;
  const [code, message] = problem;
  return logError(
    code === "Unauthorized" || code === "SignatureNotMatch" ? 401 : 400,
    code,
    message,
  );
}

/**
 * The settings of a log store.
 *
 * @see https://www.alibabacloud.com/help/en/sls/developer-reference/api-sls-2020-12-30-getlogstore
 */
export function answerLogRequest(request: LogRequest, regions: World["regions"]): ActionAnswer {
  const { action, regionId, projectName, logStoreName } = request;
  const logStores = regions[regionId]?.logStores ?? {};
  if (action !== "GetLogStore") return logError(405, "InvalidMethod", "Invalid request method.");
  if (!Object.keys(logStores).some((name) => name.startsWith(`${projectName}/`))) {
    return logError(404, "ProjectNotExist", `The Project does not exist : ${projectName}`);
  }
  const ttl = logStores[`${projectName}/${logStoreName}`];
  if (ttl === undefined) {
    return logError(404, "LogStoreNotExist", `logstore ${logStoreName} does not exist`);
  }
  return {
    status: 200,
    body: { logstoreName: logStoreName, ttl, shardCount: 2, mode: "standard" },
  };
}

function logError(status: number, errorCode: string, errorMessage: string): ActionAnswer {
  return { status, body: { errorCode, errorMessage } };
}

/** How the log service says what other services say by these codes. */
const OWN_ERRORS: Readonly<Record<string, readonly [status: number, code: string]>> = {
  Forbbiden: [401, "Unauthorized"],
  "Throttling.User": [403, "ReadQuotaExceed"],
  InternalError: [500, "InternalServerError"],
};

/** An answer in the log service's form: its own names of an error's parts, and the id in a header. */
export function asLogAnswer(answer: ActionAnswer): {
  readonly answer: ActionAnswer;
  readonly headers: OutgoingHttpHeaders;
} {
  const headers = { "x-log-requestid": randomBytes(12).toString("hex").toUpperCase() };
  const { Code, Message, HostId: _hostId, ...body } = answer.body;
  const [status, errorCode] = OWN_ERRORS[String(Code)] ?? [answer.status, Code];
  return {
    headers,
    answer: {
      status,
      body: {
        ...body,
        ...(errorCode !== undefined && { errorCode }),
        ...(Message !== undefined && { errorMessage: Message }),
      },
    },
  };
}
