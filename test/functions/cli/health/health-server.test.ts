import { once } from "node:events";
import { connect, type Socket } from "node:net";

import { expect, test } from "vitest";

import { startHealthServer } from "../../../../functions/cli/health/health-server.ts";
import { WatchHealth } from "../../../../functions/cli/health/watch-health.ts";
import { freePort } from "../../../harness/free-port.ts";

test("connections that stay open lock no probe out, and are closed", async () => {
  const port = await freePort();
  const health = new WatchHealth(() => new Date(), 60_000);
  const server = await startHealthServer({ host: "127.0.0.1", port }, () => health.report(null));
  const idle: Socket[] = [];
  try {
    for (let count = 0; count < 120; count += 1) {
      const socket = connect(port, "127.0.0.1").on("error", () => {});
      await once(socket, "connect");
      socket.write("GET /healthz HTTP/1.1\r\nHost: x\r\nX: ");
      idle.push(socket);
    }
    const response = await fetch(`http://127.0.0.1:${port}/healthz`);
    expect(response.status).toBe(200);
    // The oldest had to go, so descriptors are not used up either.
    await Promise.all(idle.slice(0, 60).map(closed));
  } finally {
    for (const socket of idle) socket.destroy();
    await server.close();
  }
});

async function closed(socket: Socket): Promise<void> {
  if (socket.closed) return;
  socket.resume();
  await once(socket, "close");
}
