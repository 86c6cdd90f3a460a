import { createHash, randomBytes } from "node:crypto";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

import { type LoopbackServer, startLoopbackServer } from "../harness/loopback-server.ts";
import type { KeyPair } from "./acs3-signature.ts";
import { answerAboutBucket, type BucketSeed } from "./oss-bucket.ts";
import { complaintAboutSignature } from "./oss-signature.ts";

/** The fault of one request. */
export type OssFault =
  | "busy"
  | "html"
  | "hang"
  | "reset"
  /** Executed, and the answer is lost. */
  | "lost-answer"
  /** A truncated answer. */
  | "cut"
  | "endless"
  | "denied"
  | "redirect"
  | "throttled"
  /** Half of the object. */
  | "partial"
  /** The answer of a cache about an unchanged object. */
  | "not-modified"
  /** A captive portal answers every request. */
  | "log-in-page"
  /** Headers of an answer without its body. */
  | "empty";

export interface ReceivedOssRequest {
  readonly method: string;
  /** Empty for the bucket itself. */
  readonly key: string;
  /** Such as `worm`; empty for none. */
  readonly query: string;
}

export interface OssSeed extends BucketSeed {
  readonly bucket: string;
  readonly key: KeyPair;
  /** In its answers to writes. @default never versioned */
  readonly versioning?: "enabled" | "suspended";
  /** The status for a missing key if the caller may not list the bucket. @default 404 */
  readonly missing?: 403 | 404;
  /** The service's own clock, by which ages are measured. @default this machine's */
  readonly clock?: () => Date;
  /** Emulators whose buckets can be reached at this one's address too. */
  readonly beside?: readonly OssEmulator[];
  /** Called for each request, in order. */
  readonly faultFor?: (request: ReceivedOssRequest) => OssFault | undefined;
}

/** OSS on loopback, with one bucket. */
export interface OssEmulator extends LoopbackServer {
  readonly bucket: string;
  /** Answers a request. */
  readonly handle: (message: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Text by key. */
  readonly objects: Map<string, string>;
  /** Stores a text now, without a request. */
  readonly put: (key: string, text: string) => void;
  /** All requests, in order. */
  readonly requests: readonly ReceivedOssRequest[];
}

/**
 * Starts an emulated OSS that verifies signatures, security token and digest, and reads the
 * bucket from the host name or, at an IP address, from the path.
 */
export async function startOss(seed: OssSeed): Promise<OssEmulator> {
  const objects = new Map<string, string>();
  const requests: ReceivedOssRequest[] = [];
  const modified = new Map<string, Date>();
  const now = seed.clock ?? (() => new Date());

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", headers } = message;
    const { bucket, key, query } = targetOf(message);
    requests.push({ method, key, query });
    const fault = seed.faultFor?.({ method, key, query });
    const other = seed.beside?.find((emulator) => emulator.bucket === bucket);
    if (other !== undefined && fault === undefined) return other.handle(message, response);

    const body = await buffer(message);
    response.setHeader("date", now().toUTCString());
    const answer = new OssAnswer(response);
    if (fault !== undefined && fault !== "lost-answer" && fault !== "cut") {
      return answer.fault(fault);
    }
    const complaint = complaintAboutSignature({ method, headers, bucket, key, query }, seed.key);
    if (complaint !== null) {
      // Like the service, repeats what was signed, security token included.
      const echo = `<StringToSign>${complaint.stringToSign}</StringToSign>`;
      return answer.error(complaint.status, complaint.code, echo);
    }
    if (bucket !== seed.bucket) return answer.error(404, "NoSuchBucket");
    if (seed.denied?.includes(method) === true) return answer.error(403, "AccessDenied");
    if (fault !== undefined) answer.willFail = fault;

    if (key === "") {
      const asked = method === "GET" ? answerAboutBucket(query, seed, [...objects.keys()]) : null;
      if (asked === null) return answer.error(405, "MethodNotAllowed");
      return "code" in asked
        ? answer.error(asked.status, asked.code)
        : answer.send(200, asked.xml, { "content-type": "application/xml" });
    }
    const existing = objects.get(key);
    switch (method) {
      case "GET":
        if (existing !== undefined) {
          const lastModified = (modified.get(key) ?? now()).toUTCString();
          return answer.send(200, existing, { "last-modified": lastModified });
        }
        return seed.missing === 403
          ? answer.error(403, "AccessDenied")
          : answer.error(404, "NoSuchKey", `<Key>${key}</Key>`);
      case "PUT": {
        const md5 = createHash("md5").update(body).digest("base64");
        if (headers["content-md5"] !== md5) return answer.error(400, "InvalidDigest");
        if (seed.locked === true && existing !== undefined) {
          return answer.error(409, "FileImmutable");
        }
        // No await between check and write: of concurrent requests, one succeeds.
        const forbidsOverwrite = headers["x-oss-forbid-overwrite"] === "true";
        if (forbidsOverwrite && existing !== undefined && seed.versioning === undefined) {
          return answer.error(409, "FileAlreadyExists");
        }
        objects.set(key, body.toString("utf8"));
        modified.set(key, now());
        return answer.send(200, "", versionHeaders(seed));
      }
      case "DELETE":
        if (seed.locked === true && existing !== undefined) {
          return answer.error(409, "FileImmutable");
        }
        objects.delete(key);
        return answer.send(204, "", versionHeaders(seed));
      default:
        return answer.error(405, "MethodNotAllowed");
    }
  }

  const put = (key: string, text: string): void => {
    objects.set(key, text);
    modified.set(key, now());
  };
  const { bucket } = seed;
  return { ...(await startLoopbackServer(handle)), bucket, handle, objects, put, requests };
}

/** Bucket and key, from the host `bucket.oss-…` or from the path; and the query. */
function targetOf({
  url = "/",
  headers,
}: IncomingMessage): Record<"bucket" | "key" | "query", string> {
  const [escaped = "", query = ""] = url.split("?");
  const path = decodeURIComponent(escaped).slice(1);
  const virtual = /^([a-z0-9-]+)\.oss-/.exec(headers.host ?? "");
  if (virtual !== null) return { bucket: String(virtual[1]), key: path, query };
  const [bucket = "", ...key] = path.split("/");
  return { bucket, key: key.join("/"), query };
}

function versionHeaders({ versioning }: OssSeed): OutgoingHttpHeaders {
  if (versioning === undefined) return {};
  const id = versioning === "suspended" ? "null" : randomBytes(16).toString("hex");
  return { "x-oss-version-id": id };
}

/** One response, in the service's own form or as a fault has it. */
class OssAnswer {
  willFail: "lost-answer" | "cut" | undefined;
  readonly #response: ServerResponse;
  readonly #requestId = randomBytes(12).toString("hex").toUpperCase();

  constructor(response: ServerResponse) {
    this.#response = response.setHeader("x-oss-request-id", this.#requestId);
  }

  send(status: number, body: string, headers: OutgoingHttpHeaders = {}): void {
    if (this.willFail === "lost-answer") {
      this.#response.socket?.resetAndDestroy();
      return;
    }
    if (this.willFail === "cut") {
      this.#response.writeHead(status, { ...headers, "content-length": body.length + 10 });
      this.#response.write(body, () => this.#response.socket?.destroy());
      return;
    }
    this.#response.writeHead(status, headers).end(body);
  }

  error(status: number, code: string, more = ""): void {
    const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n  <Code>${code}</Code>\n  <Message>Message of ${code}.</Message>\n  <RequestId>${this.#requestId}</RequestId>\n  <HostId>127.0.0.1</HostId>\n  ${more}\n</Error>\n`;
    this.send(status, xml, { "content-type": "application/xml" });
  }

  fault(fault: Exclude<OssFault, "lost-answer" | "cut">): void {
    switch (fault) {
      case "hang":
        return;
      case "reset":
        this.#response.socket?.resetAndDestroy();
        return;
      case "html":
        this.send(502, "<html><body>Bad Gateway<br></body>", { "content-type": "text/html" });
        return;
      case "endless": {
        const more = (): void => {
          while (this.#response.write(" ".repeat(65_536)));
        };
        this.#response.on("drain", more).on("error", () => {});
        more();
        return;
      }
      case "busy":
        return this.error(503, "ServiceBusy");
      case "throttled":
        return this.error(429, "QpsLimitExceeded");
      case "denied":
        // As for a bucket of another region: the service names the endpoint to use.
        return this.error(403, "AccessDenied", "<Endpoint>oss-cn-beijing.aliyuncs.com</Endpoint>");
      case "partial":
        return this.send(206, '{"schemaVersion":2,"gener', { "content-range": "bytes 0-24/900" });
      case "not-modified":
        return this.send(304, "");
      case "log-in-page":
        this.#response.removeHeader("x-oss-request-id");
        return this.send(200, "<html>Log in first.</html>", { "content-type": "text/html" });
      case "empty":
        this.#response.writeHead(200, { "content-length": 40 }).flushHeaders();
        this.#response.socket?.end();
        return;
      case "redirect":
        return this.send(301, "", { location: "https://127.0.0.1/elsewhere" });
    }
  }
}
