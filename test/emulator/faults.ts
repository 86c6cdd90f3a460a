import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";

import { type ActionAnswer, errorAnswer } from "./answer.ts";

/** A fault. With `times`, only so many times. */
export type Fault = { readonly times?: number } & (
  | { readonly kind: "denied" }
  /** The wait is in a header: the service's own in milliseconds, or the standard one in seconds. */
  | {
      readonly kind: "throttled";
      readonly headers?: {
        readonly "x-acs-retry-after"?: string;
        readonly "retry-after"?: string;
      };
    }
  | { readonly kind: "html-503" }
  | { readonly kind: "json-500" }
  | { readonly kind: "xml-error" }
  | { readonly kind: "truncated-json" }
  | { readonly kind: "empty-object" }
  | { readonly kind: "redirect" }
  | { readonly kind: "reset" }
  /** Accepted, and never answered. */
  | { readonly kind: "hang" }
  /** A fast body that never ends. */
  | { readonly kind: "endless" }
  /** A body that is sent byte by byte and never ends. */
  | { readonly kind: "trickle" }
  | { readonly kind: "slow"; readonly ms: number }
  /** Any other error of the service. */
  | {
      readonly kind: "error";
      readonly status: number;
      readonly code?: string;
      readonly message?: string;
    }
  /** Repeats the request, keys included: the service in JSON, a gateway unchanged. */
  | { readonly kind: "echo"; readonly status: number; readonly form: "json" | "text" }
  /** Any other body. */
  | { readonly kind: "body"; readonly status: number; readonly text: string }
);

/** Faults that lose the answer to a call which has had its effect. */
const LOSES_ANSWER: ReadonlySet<Fault["kind"]> = new Set([
  "truncated-json",
  "reset",
  "hang",
  "endless",
  "trickle",
  "slow",
]);

/** Whether a call with the fault has no effect. */
export function refuses({ kind }: Fault): boolean {
  return !LOSES_ANSWER.has(kind);
}

/**
 * The fault for a share of calls, by counting: one in so many, the first of them not at once.
 *
 * @returns undefined for the calls that have no fault
 */
export function everyNth(n: number, fault: Fault): () => Fault | undefined {
  let count = 0;
  return () => {
    count += 1;
    return count % n === 0 ? fault : undefined;
  };
}

/** A response, and its answer without the fault. */
export interface Reply {
  readonly response: ServerResponse;
  readonly send: (answer: ActionAnswer, headers?: OutgoingHttpHeaders) => void;
  readonly answer: ActionAnswer;
}

/** Answers with the fault instead. */
export async function injectFault(fault: Fault, { response, send, answer }: Reply): Promise<void> {
  switch (fault.kind) {
    case "denied":
      return send(
        errorAnswer(403, "Forbbiden", "User not authorized to operate on the specified resource."),
      );
    case "throttled":
      return send(
        errorAnswer(400, "Throttling.User", "Request was denied due to user flow control."),
        fault.headers,
      );
    case "html-503":
      return sendText(
        response,
        503,
        "text/html",
        "<html><body>503 Service Unavailable</body></html>",
      );
    case "json-500":
      return send(errorAnswer(500, "InternalError", "The request processing has failed."));
    case "xml-error":
      return sendText(
        response,
        500,
        "text/xml;charset=utf-8",
        "<?xml version='1.0'?><Error><Code>InternalError</Code></Error>",
      );
    case "truncated-json":
      return sendText(response, 200, "application/json", '{"RequestId":"7A1C","Enab');
    case "empty-object":
      return sendText(response, 200, "application/json", "{}");
    case "redirect":
      response.setHeader("location", "https://127.0.0.1/elsewhere");
      return sendText(response, 302, "application/json", JSON.stringify(answer.body));
    case "reset":
      response.socket?.resetAndDestroy();
      return undefined;
    case "hang":
      return undefined;
    case "endless":
      response.writeHead(200, { "content-type": "application/json" });
      return pipeline(endless(), response).catch(() => {});
    case "trickle":
      return trickle(response);
    case "slow":
      await sleep(fault.ms, undefined, { ref: false });
      return send(answer);
    case "error":
      return send({
        status: fault.status,
        body: {
          ...(fault.code !== undefined && { Code: fault.code }),
          ...(fault.message !== undefined && { Message: fault.message }),
        },
      });
    case "echo": {
      const { authorization, ...headers } = response.req.headers;
      const token = String(headers["x-acs-security-token"] ?? authorization);
      const echo = JSON.stringify({ authorization, ...headers });
      return fault.form === "json"
        ? send(errorAnswer(fault.status, "EchoedRequest", echo))
        : sendText(response, fault.status, "application/json", `${token} ${echo}`);
    }
    case "body":
      return sendText(response, fault.status, "application/json", fault.text);
  }
}

function sendText(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { "content-type": type }).end(text);
}

function* endless(): Generator<string> {
  for (;;) yield " ".repeat(65_536);
}

function trickle(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json" });
  const drip = setInterval(() => response.write(" "), 20).unref();
  response.on("close", () => clearInterval(drip));
}
