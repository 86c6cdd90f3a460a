import { isIP } from "node:net";
import { Duplex } from "node:stream";

import { RunError } from "../../../../shared/audit/run-error.ts";
import { withoutBrackets } from "../../../../shared/http/hostname.ts";
import { ProxyAgent } from "../../../../shared/http/proxy-agent.ts";
import { ProxyError } from "../../../../shared/http/proxy-error.ts";
import { describeTlsFault } from "../../../../shared/http/tls-fault.ts";
import type { Target, Transport } from "../../../../shared/http/transport.ts";
import type { TimeBudget } from "../../../../shared/retry/time-budget.ts";
import { cleanId } from "../../../../shared/service/service-code.ts";
import { errorCode } from "../../../../shared/text/error-code.ts";

/** A host to which no connection can be established, or none that is trusted. */
export class UnreachableHostError extends RunError {
  override readonly name = "UnreachableHostError";
  /** Such as `UNREACHABLE`, `HOST_NOT_FOUND`, `TLS`, `TIMEOUT` or `PROXY_REFUSED`. */
  readonly code: string;

  constructor(code: string, message: string) {
    // Without a cause, which could contain the address.
    super(message);
    this.code = code;
  }
}

/** The host and port of an address, as they may be shown. */
export function shownHost({ hostname, port }: Target): string {
  return port === "" ? hostname : `${hostname}:${port}`;
}

/**
 * Connects to a host as a request would, through the proxy where one is configured and with TLS for
 * `https:`, and closes the connection. No request is sent: what answers learns the host's name at most.
 *
 * @throws {@link UnreachableHostError}
 */
export async function reachHost(
  target: Target,
  transport: Transport,
  within: TimeBudget,
): Promise<void> {
  const shown = shownHost(target);
  let socket: Duplex | undefined;
  try {
    socket = await open(target, transport, within);
    await connected(socket, target, within);
  } catch (error) {
    if (within.endedBy !== null) {
      throw new UnreachableHostError(
        "TIMEOUT",
        `${shown} took no connection in time. Check the network, a firewall or a proxy on the way.`,
      );
    }
    throw explain(error, shown);
  } finally {
    socket?.destroy();
  }
}

async function open(target: Target, transport: Transport, within: TimeBudget): Promise<Duplex> {
  const host = withoutBrackets(target.hostname);
  const options = {
    host,
    port: Number(target.port) || (target.protocol === "https:" ? 443 : 80),
    servername: isIP(host) === 0 ? host : "",
    connectBudget: within,
  };
  return new Promise((resolve, reject) => {
    within.onEnd(() => reject(new Error("cut off by its time limit")));
    // An agent returns the socket, or passes it on once there is a tunnel.
    const given: unknown = transport
      .agentFor(target)
      .createConnection(options, (error: unknown, stream?: Duplex) => {
        if (error instanceof Error) reject(error);
        else if (stream !== undefined) resolve(stream);
      });
    if (given instanceof Duplex) resolve(given);
  });
}

async function connected(socket: Duplex, { protocol }: Target, within: TimeBudget): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once(protocol === "https:" ? "secureConnect" : "connect", () => resolve());
    socket.on("error", reject);
    socket.once("close", () => reject(new Error("closed before it was established")));
    within.onEnd(() => reject(new Error("cut off by its time limit")));
  });
}

function explain(error: unknown, shown: string): UnreachableHostError {
  if (error instanceof ProxyError) return new UnreachableHostError(error.code, error.message);
  const fault = describeTlsFault(shown, error);
  if (fault !== null) return new UnreachableHostError("TLS", fault);
  const code = cleanId(errorCode(error));
  if (code === "ENOTFOUND") {
    return new UnreachableHostError(
      "HOST_NOT_FOUND",
      `There is no host ${shown}, or no name server that knows it. Correct the address, or check the network and its DNS.`,
    );
  }
  const detail = code === null ? "" : ` (${code})`;
  return new UnreachableHostError(
    "UNREACHABLE",
    `${shown} cannot be reached${detail}. Check the address, the network, a firewall or a proxy on the way.`,
  );
}

/** Whether requests to a target go through the proxy. */
export function usesProxy(target: Target, transport: Transport): boolean {
  return transport.agentFor(target) instanceof ProxyAgent;
}

/** The id of the check of the proxy, where requests to a target go through one. */
export function proxyOf(target: Target, transport: Transport): readonly string[] {
  return usesProxy(target, transport) ? ["proxy"] : [];
}
