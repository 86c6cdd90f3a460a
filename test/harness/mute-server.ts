import { type AddressInfo, createServer, type Socket } from "node:net";

import { countConnections, type OpenConnections } from "./open-connections.ts";

/** A server that accepts connections and never sends anything: no TLS handshake with it ends. */
export interface MuteServer extends AsyncDisposable, OpenConnections {
  /** For example `https://127.0.0.1:34567`. */
  readonly origin: string;
  /** Connections that it has accepted, including closed ones. */
  readonly connections: readonly Socket[];
}

/**
 * Starts a server on a port that the system chooses.
 *
 * @param onGreeted - called for each connection at the first bytes of the client
 */
export async function startMuteServer(onGreeted: () => void): Promise<MuteServer> {
  const connections: Socket[] = [];
  const server = createServer((socket) => {
    connections.push(socket);
    socket.on("error", () => {});
    socket.once("data", onGreeted);
  });
  const counted = countConnections(server);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections,
    ...counted,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of connections) socket.destroy();
      await closed;
    },
  };
}
