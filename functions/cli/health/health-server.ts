import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";

import { ConfigError } from "../../../shared/audit/run-error.ts";
import { errorCode } from "../../../shared/text/error-code.ts";
import { formatHealthAddress, HEALTH_PATH, type HealthAddress } from "./health-address.ts";
import type { HealthReport } from "./watch-health.ts";

/** A connection on which no request arrives is closed. */
const REQUEST_TIMEOUT_MS = 5_000;
/** Between two looks for such connections. Node's own are 30 s apart. */
const CHECKING_INTERVAL_MS = 1_000;
/** A probe needs one; connections that stay open must not use up the process's descriptors. */
const MAX_CONNECTIONS = 50;

/** The server of health checks. */
export interface HealthServer {
  /** Ends open connections too. */
  close(): Promise<void>;
}

/**
 * Answers health checks: `GET /healthz` with the report as JSON, by 200 where it is healthy, else by
 * 503. It does not keep the process alive.
 *
 * @param report - called for each request
 * @returns once it listens
 * @throws {@link ConfigError} when it cannot listen at the address
 */
export async function startHealthServer(
  address: HealthAddress,
  report: () => HealthReport,
): Promise<HealthServer> {
  const server = createServer(
    {
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECKING_INTERVAL_MS,
    },
    (request, response) => answer(request, response, report),
  );
  closeOldest(server);
  server.unref();
  try {
    server.listen(address.port, address.host);
    await once(server, "listening");
  } catch (error) {
    throw cannotListen(address, error);
  }
  // Such as EMFILE: the next probe is answered or fails by itself, and the runs go on.
  server.on("error", () => {});
  return {
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Lets a new connection take the place of the oldest, so that idle ones lock no probe out. */
function closeOldest(server: Server): void {
  const open = new Set<Socket>();
  server.on("connection", (socket) => {
    const [oldest] = open;
    if (oldest !== undefined && open.size >= MAX_CONNECTIONS) {
      open.delete(oldest);
      oldest.destroy();
    }
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
}

function answer(
  { method, url = "" }: IncomingMessage,
  response: ServerResponse,
  report: () => HealthReport,
): void {
  response.setHeader("connection", "close");
  response.setHeader("cache-control", "no-store");
  if (url.split("?")[0] !== HEALTH_PATH) {
    response.writeHead(404).end();
  } else if (method !== "GET" && method !== "HEAD") {
    response.writeHead(405, { allow: "GET, HEAD" }).end();
  } else {
    const current = report();
    response.writeHead(current.status === "healthy" ? 200 : 503, {
      "content-type": "application/json",
    });
    response.end(`${JSON.stringify(current)}\n`);
  }
}

function cannotListen(address: HealthAddress, error: unknown): ConfigError {
  const code = errorCode(error) ?? "unknown error";
  const fix =
    code === "EADDRINUSE"
      ? "another process listens there: stop it, or choose another port"
      : "choose an address of this machine and a port that this user may use";
  const problem = `--health: cannot listen at ${formatHealthAddress(address)} (${code}): ${fix}`;
  return new ConfigError([problem], { cause: error });
}
