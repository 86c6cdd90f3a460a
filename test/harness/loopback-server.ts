import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { countConnections, type OpenConnections } from "./open-connections.ts";

/** An HTTP server on 127.0.0.1. */
export interface LoopbackServer extends AsyncDisposable, OpenConnections {
  /** For example `http://127.0.0.1:34567`. */
  readonly origin: string;
  /** Cuts open connections. */
  stop(): Promise<void>;
}

/**
 * Starts a server.
 *
 * @param handle - a rejection cuts the connection
 * @param port - 0 for one that the system chooses
 */
export async function startLoopbackServer(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  port = 0,
): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  const connections = countConnections(server);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  const stop = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { ...connections, origin, stop, [Symbol.asyncDispose]: stop };
}
