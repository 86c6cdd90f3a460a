import { type ClientRequest, request as httpRequest } from "node:http";
import { Agent, type AgentOptions, request as httpsRequest, type RequestOptions } from "node:https";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";

import { noTunnel, refusedByProxy, unreachableProxy } from "./proxy-error.ts";
import type { TimeBudget } from "../retry/time-budget.ts";
import type { ProxySettings } from "./proxy-settings.ts";
import { withoutBrackets } from "./hostname.ts";

const HTTPS_PORT = 443;

/** What a request that goes through a {@link ProxyAgent} tells it, beside Node's own options. */
export interface TunnelOptions {
  /**
   * Ends the connection to the proxy. That a request is destroyed does not: Node tells its agent
   * nothing of it, and waits for the agent's socket before the request fails.
   */
  readonly connectBudget?: Pick<TimeBudget, "onEnd"> | undefined;
}

/**
 * Sends `https:` requests through a proxy: by CONNECT, with TLS to the target itself, so that the
 * proxy sees host and port and nothing else. Own code, for the packages that do this go without a
 * way to cancel a proxy that never answers, and write its password into debug output.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6
 */
export class ProxyAgent extends Agent {
  readonly #proxy: ProxySettings;
  readonly #connecting = new Set<ClientRequest>();

  constructor(proxy: ProxySettings, options: AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  override createConnection(
    options: RequestOptions & TunnelOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    this.#connect(options, (error, socket) => {
      if (callback === undefined) return;
      // Node's type of the callback demands a stream, also beside an error and where TLS gave none.
      const outcome =
        error === null
          ? [null, super.createConnection({ ...options, socket } as RequestOptions)]
          : [error];
      Reflect.apply(callback, undefined, outcome);
    });
  }

  override destroy(): void {
    for (const request of this.#connecting) request.destroy();
    super.destroy();
  }

  /** @param done - called once: with a `ProxyError`, or with the connection to the target */
  #connect(
    options: RequestOptions & TunnelOptions,
    done: (error: Error | null, socket?: Duplex) => void,
  ): void {
    const target = targetOf(options);
    const request = this.#requestTo(target);
    const settle = (error: Error | null, socket?: Duplex): void => {
      stopListening?.();
      if (this.#connecting.delete(request)) done(error, socket);
    };
    const fail = (error?: unknown): void => settle(unreachableProxy(this.#proxy, error));
    this.#connecting.add(request);
    request
      // Whatever the status: Node reads no body of an answer to CONNECT.
      .once("connect", (response, socket, head) => {
        const status = Number(response.statusCode);
        const connected = status >= 200 && status < 300;
        // No target says anything before it was greeted: what came is a page of who is no proxy.
        if (connected && head.length === 0) return settle(null, socket);
        socket.destroy();
        settle(
          connected ? noTunnel(this.#proxy, status) : refusedByProxy(this.#proxy, target, status),
        );
      })
      .on("error", fail)
      .once("close", fail);
    const stopListening = options.connectBudget?.onEnd(() => request.destroy());
  }

  #requestTo(target: string): ClientRequest {
    const { protocol, hostname, port, authorization } = this.#proxy;
    const host = withoutBrackets(hostname);
    const request = (protocol === "https:" ? httpsRequest : httpRequest)({
      host,
      port,
      // Else Node takes it from the header, which is the target's.
      servername: isIP(host) === 0 ? host : "",
      // As for the targets: undefined, so that Node's own authorities and the user's hold.
      ca: this.options.ca,
      method: "CONNECT",
      path: target,
      agent: false,
      headers: {
        host: target,
        ...(authorization !== null && { "proxy-authorization": authorization }),
      },
    });
    // Node says that a request without a pool closes its connection; a tunnel is meant to last.
    request.removeHeader("connection");
    request.end();
    return request;
  }
}

/** The target as CONNECT names it. */
function targetOf({ host, port }: RequestOptions): string {
  const name = String(host);
  return `${name.includes(":") ? `[${name}]` : name}:${port ?? HTTPS_PORT}`;
}
