import { once } from "node:events";
import { type IncomingMessage, request as httpRequest } from "node:http";
import { pipeline } from "node:stream/promises";

import { type LoopbackServer, startLoopbackServer } from "./loopback-server.ts";

/**
 * Starts a server that passes everything on to an emulator, whose clock is another one in its answers.
 *
 * @param endpoint - of the emulator
 * @param aheadMs - milliseconds by which the clock of the answers is ahead of this machine's
 */
export async function startShiftedClock(
  endpoint: string,
  aheadMs: number,
): Promise<LoopbackServer> {
  return startLoopbackServer(async (request, response) => {
    const { method, headers, url = "/" } = request;
    const outgoing = httpRequest(new URL(url, endpoint), { method, headers });
    const answered = once(outgoing, "response") as Promise<[IncomingMessage]>;
    await pipeline(request, outgoing);
    const [answer] = await answered;
    const date = new Date(Date.now() + aheadMs).toUTCString();
    response.writeHead(answer.statusCode ?? 502, { ...answer.headers, date });
    await pipeline(answer, response);
  });
}
