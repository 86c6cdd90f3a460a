import { createHash, createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { buffer } from "node:stream/consumers";

import { type LoopbackServer, startLoopbackServer } from "../harness/loopback-server.ts";
import type { KeyPair } from "./acs3-signature.ts";

/** The outcome of an invocation. */
export interface FunctionOutcome {
  readonly result: unknown;
  readonly error: { readonly name: string; readonly message: string } | null;
}

/** A deployed function: gets the event's text. */
export type DeployedFunction = (event: string) => Promise<FunctionOutcome>;

/** An answer in place of the function's. */
export interface FunctionComputeFault {
  readonly status: number;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface FunctionComputeSeed {
  readonly accountId: string;
  readonly key: KeyPair;
  readonly functions: Readonly<Record<string, DeployedFunction>>;
  /** The content type of a function's result. @default application/json */
  readonly contentType?: string;
  readonly fault?: FunctionComputeFault | "hang";
}

/** The invocations of Function Compute 3.0, on loopback. */
export interface FunctionComputeEmulator extends LoopbackServer {
  readonly invocations: readonly { readonly name: string; readonly qualifier: string | null }[];
}

const INVOCATION = /^\/2023-03-30\/functions\/([^/?]+)\/invocations(?:\?(.*))?$/;

/** Starts the emulator. It verifies fc2's signature, digest and security token. */
export async function startFunctionCompute(
  seed: FunctionComputeSeed,
): Promise<FunctionComputeEmulator> {
  const invocations: { name: string; qualifier: string | null }[] = [];
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
    invocations.push({ name, qualifier: new URLSearchParams(query).get("qualifier") });
    if (seed.fault === "hang") return undefined;
    if (seed.fault !== undefined) {
      const { status, headers, contentType = "application/json" } = seed.fault;
      response.writeHead(status, { "content-type": contentType, ...headers }).end(seed.fault.body);
      return undefined;
    }
    const { result, error } = await deployed(body.toString("utf8"));
    if (error === null) {
      return answer(200, result, { "content-type": seed.contentType ?? "application/json" });
    }
    return answer(
      200,
      { errorType: error.name, errorMessage: error.message, stackTrace: ["at secret-path-3c"] },
      { "x-fc-error-type": "UnhandledInvocationError" },
    );
  });
  return { ...server, invocations };
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
