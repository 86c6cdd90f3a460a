import { createHash, createHmac } from "node:crypto";
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

import { type LoopbackServer, startLoopbackServer } from "../harness/loopback-server.ts";
import type { KeyPair } from "./acs3-signature.ts";

/** The outcome of an invocation. */
export interface FunctionOutcome {
  readonly result: unknown;
  readonly error: { readonly name: string; readonly message: string } | null;
}

/** One invocation. */
export interface FunctionCall {
  readonly name: string;
  /** Null for the latest version. */
  readonly qualifier: string | null;
  readonly event: string;
  readonly headers: IncomingHttpHeaders;
  /** How many invocations, of any function, were before it. */
  readonly index: number;
}

/** A deployed function: gets the event's text, and returns its outcome or what is answered instead. */
export type DeployedFunction = (
  event: string,
  call: FunctionCall,
) => Promise<FunctionOutcome | FunctionFault>;

/** An answer in place of the function's. */
export interface FunctionComputeFault {
  readonly status: number;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Never answers, cuts the connection, or answers something else. */
export type FunctionFault = FunctionComputeFault | "hang" | "reset";

/** What can go wrong with an invocation. */
export const FUNCTION_FAULTS = {
  reset: "reset",
  timedOut: failureOf("Function timed out after 60 seconds (maxMemoryUsage: 40.15MB)"),
  killed: failureOf("Process exited unexpectedly before completing request (duration: 7ms)"),
  gatewayPage: { status: 502, contentType: "text/html", body: "<html>Bad Gateway</html>" },
  truncated: { status: 200, body: '{"schemaVersion":"1.0","findings":[' },
  otherJson: { status: 200, body: '{"status":"ok"}' },
  null: { status: 200, body: "null" },
  empty: { status: 200, body: "" },
  denied: refusalOf(403, "AccessDenied"),
  notFound: refusalOf(404, "FunctionNotFound"),
  busy: refusalOf(429, "ResourceExhausted"),
  failed: refusalOf(500, "InternalServerError"),
} as const satisfies Readonly<Record<string, FunctionFault>>;

/** An error of a function is HTTP 200, with a header that says so. */
function failureOf(errorMessage: string): FunctionComputeFault {
  const headers = { "x-fc-error-type": "UnhandledInvocationError" };
  return { status: 200, headers, body: JSON.stringify({ errorMessage }) };
}

function refusalOf(status: number, ErrorCode: string): FunctionComputeFault {
  return { status, body: JSON.stringify({ ErrorCode, ErrorMessage: "refused" }) };
}

export interface FunctionComputeSeed {
  readonly accountId: string;
  readonly key: KeyPair;
  readonly functions: Readonly<Record<string, DeployedFunction>>;
  /** The content type of a function's result. @default application/json */
  readonly contentType?: string;
  /** Happens instead of running the function; undefined for none. @default none */
  readonly fault?: FunctionFault | ((call: FunctionCall) => FunctionFault | undefined);
}

/** The invocations of Function Compute 3.0, on loopback. */
export interface FunctionComputeEmulator extends LoopbackServer {
  readonly invocations: readonly Pick<FunctionCall, "name" | "qualifier">[];
  /** The same, with events and headers. */
  readonly calls: readonly FunctionCall[];
}

const INVOCATION = /^\/2023-03-30\/functions\/([^/?]+)\/invocations(?:\?(.*))?$/;

/** Starts the emulator. It verifies fc2's signature, digest and security token. */
export async function startFunctionCompute(
  seed: FunctionComputeSeed,
): Promise<FunctionComputeEmulator> {
  const calls: FunctionCall[] = [];
  const invocations: Pick<FunctionCall, "name" | "qualifier">[] = [];
  const server = await startLoopbackServer(async (request, response) => {
    const body = await buffer(request);
    const answer = (status: number, value: unknown, headers: Record<string, string> = {}): void => {
      response
        .writeHead(status, {
          "content-type": "application/json",
          "x-fc-request-id": "1-fc",
          ...headers,
        })
        .end(JSON.stringify(value));
    };
    const refuse = (status: number, ErrorCode: string): void =>
      answer(status, { ErrorCode, ErrorMessage: `refused: ${JSON.stringify(request.headers)}` });

    const url = String(request.url);
    const [, name = "", query = ""] = INVOCATION.exec(url) ?? [];
    if (name === "") return refuse(404, "PathNotSupported");
    const problem = complaintAbout(request.headers, url.split("?")[0] ?? "", body, seed);
    if (problem !== null) return refuse(403, problem);
    const deployed = seed.functions[name];
    if (deployed === undefined) return refuse(404, "FunctionNotFound");
    const qualifier = new URLSearchParams(query).get("qualifier");
    const event = body.toString("utf8");
    const call = { name, qualifier, event, headers: request.headers, index: calls.length };
    calls.push(call);
    invocations.push({ name, qualifier });
    const fault = typeof seed.fault === "function" ? seed.fault(call) : seed.fault;
    const outcome = fault ?? (await deployed(event, call));
    if (isFault(outcome)) return fail(outcome, response);
    const { result, error } = outcome;
    if (error === null) {
      return answer(200, result, { "content-type": seed.contentType ?? "application/json" });
    }
    return answer(
      200,
      { errorType: error.name, errorMessage: error.message, stackTrace: ["at secret-path-3c"] },
      { "x-fc-error-type": "UnhandledInvocationError" },
    );
  });
  return { ...server, invocations, calls };
}

function isFault(outcome: FunctionOutcome | FunctionFault): outcome is FunctionFault {
  return typeof outcome === "string" || "status" in outcome;
}

function fail(fault: FunctionFault, response: ServerResponse): void {
  if (fault === "hang") return;
  if (fault === "reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  const { status, headers, contentType = "application/json", body } = fault;
  response.writeHead(status, { "content-type": contentType, ...headers }).end(body);
}

function complaintAbout(
  headers: IncomingHttpHeaders,
  path: string,
  body: Buffer,
  { key, accountId }: FunctionComputeSeed,
): string | null {
  const [, keyId, signature] = /^FC ([^:]+):(.+)$/.exec(headers.authorization ?? "") ?? [];
  if (keyId !== key.accessKeyId) return "InvalidAccessKeyID";
  if (headers["x-fc-security-token"] !== key.securityToken) return "InvalidSecurityToken";
  if (headers["x-fc-account-id"] !== accountId) return "AccessDenied";
  const digest = createHash("md5").update(body).digest("hex");
  if (headers["content-md5"] !== Buffer.from(digest).toString("base64")) return "InvalidDigest";
  const signedHeaders = Object.keys(headers)
    .filter((name) => name.startsWith("x-fc-"))
    .toSorted()
    .map((name) => `${name}:${String(headers[name])}\n`)
    .join("");
  const { "content-md5": md5, "content-type": type, date } = headers;
  const expected = createHmac("sha256", key.accessKeySecret)
    .update(`POST\n${md5}\n${type}\n${date}\n${signedHeaders}${path}`)
    .digest("base64");
  return signature === expected ? null : "SignatureNotMatch";
}
