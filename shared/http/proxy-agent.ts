import { type ClientRequest, request as httpRequest } from "node:http";
import { Agent, type AgentOptions, request as httpsRequest, type RequestOptions } from "node:https";
import { isIP } from "node:net";
import type { Duplex } from "node:stream";

import type { TimeBudget } from "../retry/time-budget.ts";
import { withoutBrackets } from "./hostname.ts";
import { noTunnel, refusedByProxy, unreachableProxy } from "./proxy-error.ts";
import type { ProxySettings } from "./proxy-settings.ts";

const HTTPS_PORT = 443;

/** Options of a request through a {@link ProxyAgent}, in addition to Node's own. */
export interface TunnelOptions {
  /**
   * Ends the connection to the proxy. Needed because Node does not notify the agent of a destroyed
   * request: the request fails only after the agent has returned a socket.
   */
  readonly connectBudget?: Pick<TimeBudget, "onEnd"> | undefined;
}

/**
 * Sends `https:` requests through a proxy by CONNECT, with TLS to the target, so that the proxy sees
 * only host and port. Existing packages are not used: they cannot cancel the connection to a proxy
 * that does not answer, and print its password in debug output.
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

  /** @param done - called once, with a `ProxyError` or with the connection to the target */
  #connect(
    options: RequestOptions & TunnelOptions,
    done: (error: Error | null, socket?: Duplex) => void,
  ): void {
    const target = targetOf(options);
    const request = this.#requestTo(target);
    const settle = (error: Error | null, socket?: Duplex): void => {
      unsubscribe?.();
      if (this.#connecting.delete(request)) done(error, socket);
    };
    const fail = (error?: unknown): void => settle(unreachableProxy(this.#proxy, error));
    this.#connecting.add(request);
    request
      // Emitted for every status. Node does not read the body of a response to CONNECT.
      .once("connect", (response, socket, head) => {
        const status = Number(response.statusCode);
        const connected = status >= 200 && status < 300;
        // A TLS server sends nothing before the client's hello, so data here is the body of a response
        // from something that is not a proxy.
        if (connected && head.length === 0) return settle(null, socket);
        socket.destroy();
        settle(
          connected ? noTunnel(this.#proxy, status) : refusedByProxy(this.#proxy, target, status),
        );
      })
      .on("error", fail)
      .once("close", fail);
    const unsubscribe = options.connectBudget?.onEnd(() => request.destroy());
  }

  #requestTo(target: string): ClientRequest {
    const { protocol, hostname, port, authorization } = this.#proxy;
    const host = withoutBrackets(hostname);
    const request = (protocol === "https:" ? httpsRequest : httpRequest)({
      host,
      port,
      // By default Node uses the `host` header, which names the target.
      servername: isIP(host) === 0 ? host : "",
      // As for targets: undefined stands for Node's default authorities and NODE_EXTRA_CA_CERTS.
      ca: this.options.ca,
      method: "CONNECT",
      path: target,
      agent: false,
      headers: {
        host: target,
        ...(authorization !== null && { "proxy-authorization": authorization }),
      },
    });
    // Node adds `connection: close` to a request without a pool, but the tunnel must stay open.
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
