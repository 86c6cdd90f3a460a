import { EventEmitter, once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

import { describe, expect, test } from "vitest";

import { HttpExchange, OversizedError } from "../../../shared/http/exchange.ts";
import { readProxy } from "../../../shared/http/proxy-settings.ts";
import { createTransport, type Transport } from "../../../shared/http/transport.ts";
import { startTimeBudget, type TimeBudget } from "../../../shared/retry/time-budget.ts";
import { startConnectProxy } from "../../harness/connect-proxy.ts";
import { startLoopbackServer } from "../../harness/loopback-server.ts";
import { startMuteServer } from "../../harness/mute-server.ts";

function send(
  exchange: HttpExchange,
  url: string,
  transport: Transport,
  budget: TimeBudget,
  maxBytes = 1_000,
): Promise<Buffer> {
  const request = { target: new URL(url), path: "/path?q=1", method: "POST", headers: {} };
  return exchange.send({ ...request, body: "asked" }, transport, { budget, maxBytes });
}

describe("one exchange", () => {
  test.each([200, 302, 503])("gives body, status %i and headers, as they came", async (status) => {
    const paths: unknown[] = [];
    await using server = await startLoopbackServer(async ({ url }, response) => {
      paths.push(url);
      response.writeHead(status, { "x-sent": "yes", location: "/elsewhere" }).end("<html>");
    });
    using transport = createTransport(null);
    const budget = startTimeBudget(5_000, "TIMEOUT");
    const exchange = new HttpExchange();
    expect(String(await send(exchange, server.origin, transport, budget))).toBe("<html>");
    expect(exchange).toMatchObject({
      response: { status, headers: { "x-sent": "yes" } },
      hostResolved: true,
      connected: true,
      oversized: false,
    });
    expect(paths).toEqual(["/path?q=1"]);
    budget.release();
  });

  test("reads no more than the limit", async () => {
    await using server = await startLoopbackServer(async (_request, response) => {
      response.end("x".repeat(1_001));
    });
    using transport = createTransport(null);
    const budget = startTimeBudget(5_000, "TIMEOUT");
    const exchange = new HttpExchange();
    await expect(send(exchange, server.origin, transport, budget)).rejects.toBeInstanceOf(
      OversizedError,
    );
    expect(exchange).toMatchObject({ oversized: true, response: { status: 200 } });
    budget.release();
  });

  test("does not treat a reset as the end of a body that ends with its connection", async () => {
    let reset = (): void => {};
    await using server = await startLoopbackServer(async ({ socket }) => {
      socket.write("HTTP/1.1 200 OK\r\n\r\nhalf");
      reset = () => void socket.resetAndDestroy();
    });
    using transport = createTransport(null);
    const budget = startTimeBudget(5_000, "TIMEOUT");
    const exchange = new HttpExchange();
    const answer = await exchange.open(
      { target: new URL(server.origin), path: "/", method: "GET", headers: {}, body: "" },
      transport,
      { budget, maxBytes: 1_000 },
    );
    reset();
    await expect(text(answer)).rejects.toMatchObject({ code: "ECONNRESET" });
    budget.release();
  });

  test("to a host without an address was never connected", async () => {
    using transport = createTransport(null);
    const budget = startTimeBudget(5_000, "TIMEOUT");
    const exchange = new HttpExchange();
    await expect(
      send(exchange, "https://nowhere.invalid", transport, budget),
    ).rejects.toMatchObject({ syscall: "getaddrinfo" });
    expect(exchange).toMatchObject({ hostResolved: false, connected: false, response: undefined });
    budget.release();
  });
});

describe("the end of its time closes the connection", () => {
  test.each<[string, (response: ServerResponse) => void]>([
    ["before an answer", () => {}],
    ["in the middle of a body", (response) => response.writeHead(200).write("{")],
  ])("%s", async (_when, answer) => {
    const server = new EventEmitter();
    const arrived = once(server, "arrived");
    const closed = once(server, "closed");
    await using loopback = await startLoopbackServer(
      async (request: IncomingMessage, response: ServerResponse) => {
        request.socket.once("close", () => server.emit("closed"));
        answer(response);
        server.emit("arrived");
      },
    );
    using transport = createTransport(null);
    const budget = startTimeBudget(60_000, "TIMEOUT");
    const result = send(new HttpExchange(), loopback.origin, transport, budget);
    await arrived;
    budget.cancel();
    await expect(result).rejects.toBe("TIMEOUT");
    await closed;
    budget.release();
  });

  test("to a proxy that never answers", async () => {
    await using proxy = await startConnectProxy({ answer: "hang" });
    using transport = createTransport(readProxy({ HTTPS_PROXY: proxy.host }).proxy);
    const budget = startTimeBudget(60_000, "TIMEOUT");
    const exchange = new HttpExchange();
    const result = send(exchange, "https://nowhere.invalid", transport, budget);
    await proxy.asked;
    budget.cancel();
    await expect(result).rejects.toBe("TIMEOUT");
    await proxy.idle();
    expect(exchange.connected).toBe(false);
    budget.release();
  });

  test("through a proxy to a host that never shakes hands, which had an address", async () => {
    const budget = startTimeBudget(60_000, "TIMEOUT");
    await using target = await startMuteServer(() => budget.cancel());
    await using proxy = await startConnectProxy();
    const settings = readProxy({ HTTPS_PROXY: proxy.host }).proxy;
    // Loopback bypasses the proxy, so the test uses the agent of another host.
    using transport = createTransport(settings);
    const agent = transport.agentFor(new URL("https://nowhere.invalid"));
    const through: Transport = { ...transport, agentFor: () => agent };
    const exchange = new HttpExchange();
    await expect(send(exchange, target.origin, through, budget)).rejects.toBe("TIMEOUT");
    await proxy.idle();
    expect(exchange).toMatchObject({ hostResolved: true, connected: false });
    budget.release();
  });

  test("and no exchange starts after it", async () => {
    let requests = 0;
    await using server = await startLoopbackServer(async (_request, response) => {
      requests += 1;
      response.end();
    });
    using transport = createTransport(null);
    const over = startTimeBudget(60_000, "DEADLINE_EXCEEDED");
    over.cancel();
    await expect(send(new HttpExchange(), server.origin, transport, over)).rejects.toBe(
      "DEADLINE_EXCEEDED",
    );
    expect(requests).toBe(0);
    over.release();
  });
});
