import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";

import type { Authority, KeyAndCertificate } from "./certificates.ts";
import { countConnections, type OpenConnections } from "./open-connections.ts";

/** A CONNECT that was received. */
export interface ReceivedConnect {
  /** The requested host and port. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
}

export interface ConnectProxyOptions {
  /** User and password that it requires, with a colon between. @default none */
  readonly account?: string;
  /**
   * The origin of a host that no name server resolves: a server of plain http, for which the proxy
   * terminates TLS with a certificate of the authority.
   */
  readonly routes?: (host: string) => string | undefined;
  readonly authority?: Authority;
  /** The answer to every CONNECT: a status, `"hang"`, `"garbage"` or a `"page"` with HTTP 200. @default a connection */
  readonly answer?: number | "hang" | "garbage" | "page";
  /** The certificate of the proxy itself, which then uses https. */
  readonly certificate?: KeyAndCertificate;
}

/** A proxy on 127.0.0.1 that supports only CONNECT. */
export interface ConnectProxy extends AsyncDisposable, OpenConnections {
  /** Host and port. */
  readonly host: string;
  readonly connects: readonly ReceivedConnect[];
  /** Resolves at the first CONNECT. */
  readonly asked: Promise<void>;
}

/** Starts a proxy on a port that the system chooses. */
export async function startConnectProxy(options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
  const { account, certificate, answer } = options;
  const connects: ReceivedConnect[] = [];
  let onFirst = (): void => {};
  const asked = new Promise<void>((resolve) => (onFirst = resolve));
  const certificates = new Map<string, KeyAndCertificate>();

  function certificateFor(host: string): KeyAndCertificate {
    const known = certificates.get(host) ?? options.authority?.issue({ hosts: [host] });
    if (known === undefined) throw new Error(`a route to ${host} takes an authority`);
    certificates.set(host, known);
    return known;
  }

  function tunnel(target: string, client: Socket): void {
    const { hostname, port } = new URL(`http://${target}`);
    const origin = options.routes?.(hostname);
    const to = origin === undefined ? { hostname, port } : new URL(origin);
    const upstream = connect(Number(to.port || 80), to.hostname);
    upstream.once("error", () => client.destroy());
    upstream.once("connect", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      const inner: Duplex =
        origin === undefined
          ? client
          : new TLSSocket(client, { isServer: true, ...certificateFor(hostname) });
      inner.on("error", () => upstream.destroy()).on("close", () => upstream.destroy());
      upstream.on("close", () => inner.destroy());
      inner.pipe(upstream).pipe(inner);
    });
  }

  const server: Server =
    certificate === undefined ? createServer() : createSecureServer({ ...certificate });
  server.on("request", (_request, response) => response.writeHead(405).end());
  server.on("connect", ({ url = "", headers }, client: Socket) => {
    client.on("error", () => {});
    connects.push({ target: url, headers });
    onFirst();
    const expected = account && `Basic ${Buffer.from(account).toString("base64")}`;
    // Read, so that its end is noticed and answered.
    if (answer === "hang") return void client.on("end", () => client.destroy()).resume();
    // The connection stays open, like that of a web server.
    if (answer === "page") {
      const page = "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<html>";
      return void client
        .on("end", () => client.destroy())
        .resume()
        .write(page);
    }
    if (answer === "garbage") return void client.end("hello\r\n\r\n");
    const refused = expected !== undefined && headers["proxy-authorization"] !== expected;
    const status = refused ? 407 : answer;
    if (status === undefined) return tunnel(url, client);
    client.end(`HTTP/1.1 ${status} No\r\nproxy-authenticate: Basic realm="proxy"\r\n\r\n`);
  });
  const connections = countConnections(server);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    connects,
    asked,
    ...connections,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of connections.open) socket.destroy();
      await closed;
    },
  };
}
