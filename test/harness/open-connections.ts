import type { Server, Socket } from "node:net";

/** The connections to a server that are open now. */
export interface OpenConnections {
  readonly open: ReadonlySet<Socket>;
  /** Resolves when no connection is open. */
  idle(): Promise<void>;
}

/** Counts the connections to a server, from before it listens. */
export function countConnections(server: Server): OpenConnections {
  const open = new Set<Socket>();
  const waiting = new Set<() => void>();
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => {
      open.delete(socket);
      if (open.size > 0) return;
      for (const resolve of waiting) resolve();
      waiting.clear();
    });
  });
  return {
    open,
    async idle() {
      if (open.size === 0) return;
      await new Promise<void>((resolve) => {
        waiting.add(resolve);
      });
    },
  };
}
