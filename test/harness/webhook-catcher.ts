import type { IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";

import { type LoopbackServer, startLoopbackServer } from "./loopback-server.ts";

/** A message as it arrived. */
export interface CaughtMessage {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * What the catcher answers; `"hang"` accepts and never answers, `"reset"` cuts the connection,
 * `"close"` ends it properly, `"switch"` turns to another protocol, `"garbage"` is no HTTP,
 * `"overflow"` has larger headers than Node.js reads, `"endless"` is a 200 whose body never ends,
 * and `"cut"` one with a truncated body.
 */
export type CatcherAnswer =
  | "hang"
  | "reset"
  | "close"
  | "switch"
  | "garbage"
  | "overflow"
  | "endless"
  | "cut"
  | {
      readonly status: number;
      readonly body?: string | Buffer;
      readonly headers?: Readonly<Record<string, string>>;
    };

/** A receiver of webhooks on loopback. */
export interface WebhookCatcher extends LoopbackServer {
  /** Has a path and a query that must never be shown. */
  readonly url: string;
  readonly messages: readonly CaughtMessage[];
}

const SWITCH = "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n";

function* endless(): Generator<string> {
  for (;;) yield "x".repeat(16_384);
}

/** Secret parts of the catcher's address. */
export const CATCHER_SECRETS = ["hook-path-5c21", "hook-token-88fe"] as const;

/**
 * Starts a receiver on a port that the system chooses.
 *
 * @param answers - one for each message in turn; the last one is repeated
 * @param onMessage - called when a message has arrived, before it is answered
 */
export async function startWebhookCatcher(
  answers: readonly CatcherAnswer[] = [{ status: 200 }],
  onMessage?: () => void,
): Promise<WebhookCatcher> {
  const messages: CaughtMessage[] = [];
  const server = await startLoopbackServer(async (request, response) => {
    const body = await text(request);
    const answer = answers[Math.min(messages.length, answers.length - 1)] ?? { status: 200 };
    messages.push({ path: String(request.url), headers: request.headers, body });
    onMessage?.();
    if (answer === "hang") return;
    if (answer === "reset") request.socket.resetAndDestroy();
    else if (answer === "close") request.socket.end();
    else if (answer === "switch") request.socket.write(SWITCH);
    else if (answer === "garbage") request.socket.end("hello\r\n\r\n");
    else if (answer === "overflow") response.writeHead(200, { x: "x".repeat(100_000) }).end();
    else if (answer === "cut") {
      response.writeHead(200, { "content-length": 100 });
      response.write("{", () => request.socket.resetAndDestroy());
    } else if (answer === "endless") await pipeline(endless(), response).catch(() => {});
    else response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  const [path, token] = CATCHER_SECRETS;
  return { ...server, url: `${server.origin}/${path}?token=${token}`, messages };
}
