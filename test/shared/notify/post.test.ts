import { Agent } from "node:http";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";

import { describe, expect, test } from "vitest";

import { ProxyError } from "../../../shared/http/proxy-error.ts";
import type { Transport } from "../../../shared/http/transport.ts";
import { DeliveryError } from "../../../shared/notify/delivery-error.ts";
import { post, type PostRequest } from "../../../shared/notify/post.ts";
import { startTimeBudget } from "../../../shared/retry/time-budget.ts";
import { DIRECT } from "../../harness/direct.ts";
import { startLoopbackServer } from "../../harness/loopback-server.ts";
import { startUntrustedServer } from "../../harness/untrusted-server.ts";
import { type CatcherAnswer, startWebhookCatcher } from "../../harness/webhook-catcher.ts";

const KB = 1_024;

/** Posts once, within ten seconds. */
async function postTo(
  url: string,
  request: Partial<PostRequest> = {},
  transport: Transport = DIRECT,
) {
  const budget = startTimeBudget(10_000, "TIMEOUT");
  try {
    return await post({ url, body: "{}", dropsRepeats: false, budget, ...request }, transport);
  } finally {
    budget.release();
  }
}

/** Posts to a server that answers so. */
async function postFor(answer: CatcherAnswer, request: Partial<PostRequest> = {}) {
  await using catcher = await startWebhookCatcher([answer]);
  return await postTo(catcher.url, request);
}

/** The error of a post that fails. */
async function errorOf(posted: Promise<unknown>) {
  const error: unknown = await posted.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DeliveryError)) throw new Error("it did not fail", { cause: error });
  const { code, message, retryable, httpStatus, mayHaveArrived } = error;
  return { code, message, retryable, httpStatus, mayHaveArrived };
}

describe("the request", () => {
  test("has the path with its query, the body, and its length in bytes", async () => {
    await using catcher = await startWebhookCatcher();
    await postTo(`${catcher.origin}/a/b?c=d%20e&f`, { body: '{"地域":1}' });
    expect(catcher.messages).toMatchObject([
      {
        path: "/a/b?c=d%20e&f",
        body: '{"地域":1}',
        headers: {
          "content-type": "application/json",
          "content-length": String(Buffer.byteLength('{"地域":1}')),
          "accept-encoding": "identity",
          connection: "close",
          "user-agent": expect.stringMatching(/^flowlog-guard\/\d/),
        },
      },
    ]);
  });

  test("may have another user agent and more headers, and no other type or coding", async () => {
    await using catcher = await startWebhookCatcher();
    const headers = {
      "user-agent": "mine",
      "x-more": "1",
      "content-type": "text/plain",
      "accept-encoding": "br",
      connection: "keep-alive",
    };
    await postTo(catcher.url, { headers });
    expect(catcher.messages[0]?.headers).toMatchObject({
      "user-agent": "mine",
      "x-more": "1",
      "content-type": "application/json",
      "accept-encoding": "identity",
      connection: "close",
    });
  });
});

describe("the answer", () => {
  test.each([200, 204, 299, 302, 404, 503])(
    "is returned whatever its status: %i",
    async (status) => {
      const body = status === 204 ? "" : "地域";
      expect(await postFor({ status, body, headers: { "x-a": "1" } })).toMatchObject({
        host: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
        status,
        headers: { "x-a": "1" },
        text: body,
      });
    },
  );

  test("is read up to 64 KB", async () => {
    const { text: whole } = await postFor({ status: 200, body: "x".repeat(64 * KB) });
    expect(whole).toHaveLength(64 * KB);
    expect(await errorOf(postFor({ status: 200, body: "x".repeat(64 * KB + 1) }))).toMatchObject({
      code: "REJECTED",
      retryable: "never",
      httpStatus: 200,
      mayHaveArrived: true,
      message: expect.stringContaining("with more than 64 KB"),
    });
  });

  test("is decoded up to 64 KB", async () => {
    const coded = (length: number): CatcherAnswer => ({
      status: 200,
      headers: { "content-encoding": "gzip" },
      body: gzipSync("x".repeat(length)),
    });
    expect((await postFor(coded(64 * KB))).text).toHaveLength(64 * KB);
    const error = await errorOf(postFor(coded(64 * KB + 1)));
    expect(error.message).toContain("with more than 64 KB");
  });

  test.each([200, 299])("of %i in an unknown coding confirms nothing", async (status) => {
    const headers = { "content-encoding": "zstd" };
    expect(await errorOf(postFor({ status, headers, body: "x" }))).toMatchObject({
      code: "REJECTED",
      retryable: "never",
      httpStatus: status,
      mayHaveArrived: true,
      message: expect.stringContaining("in a content coding that cannot be read"),
    });
  });

  test.each([300, 404, 502])("of %i is enough without its body", async (status) => {
    const coded = { status, headers: { "content-encoding": "zstd" }, body: "x" };
    expect(await postFor(coded)).toMatchObject({ status, text: "" });
    const long = { status, body: "x".repeat(64 * KB + 1) };
    expect(await postFor(long)).toMatchObject({ status, text: "" });
  });

  test.each([
    [299, "UNREACHABLE"],
    [300, 300],
  ])("of %i whose body is cut off counts as %s", async (status, outcome) => {
    await using server = await startLoopbackServer(async (request, response) => {
      await text(request);
      response.writeHead(status, { "content-length": 100 });
      response.write("{", () => request.socket.resetAndDestroy());
    });
    const counted = await postTo(server.origin).then(
      (answer) => answer.status,
      (error: unknown) => Object(error).code,
    );
    expect(counted).toBe(outcome);
  });
});

describe("without an answer", () => {
  test.each([
    [true, "always", "."],
    [false, "never", ": it is not repeated."],
  ])(
    "after a connection the message may have arrived; repeats are dropped: %s",
    async (dropsRepeats, retryable, end) => {
      await using catcher = await startWebhookCatcher(["reset"]);
      const { host } = new URL(catcher.url);
      expect(await errorOf(postTo(catcher.url, { dropsRepeats }))).toEqual({
        code: "UNREACHABLE",
        message: `${host} gave no complete answer (ECONNRESET), and the message may have arrived${end}`,
        retryable,
        httpStatus: null,
        mayHaveArrived: true,
      });
    },
  );

  test.each([
    [true, "always", "."],
    [false, "never", ": it is not repeated."],
  ])("in time, likewise: %s", async (dropsRepeats, retryable, end) => {
    const budget = startTimeBudget(10_000, "TIMEOUT");
    await using catcher = await startWebhookCatcher(["hang"], () => budget.cancel());
    const { host } = new URL(catcher.url);
    expect(await errorOf(postTo(catcher.url, { dropsRepeats, budget }))).toEqual({
      code: "TIMEOUT",
      message: `${host} did not answer in time, and the message may have arrived${end}`,
      retryable,
      httpStatus: null,
      mayHaveArrived: true,
    });
    budget.release();
  });

  test.each([true, false])(
    "before a connection, another attempt may be made; repeats are dropped: %s",
    async (dropsRepeats) => {
      const budget = startTimeBudget(10_000, "TIMEOUT");
      budget.cancel();
      expect(await errorOf(postTo("http://127.0.0.1:1/x", { dropsRepeats, budget }))).toEqual({
        code: "TIMEOUT",
        message: "127.0.0.1:1 took no connection in time.",
        retryable: "always",
        httpStatus: null,
        mayHaveArrived: false,
      });
      const catcher = await startWebhookCatcher();
      await catcher.stop();
      expect(await errorOf(postTo(catcher.url, { dropsRepeats }))).toEqual({
        code: "UNREACHABLE",
        message: `${new URL(catcher.url).host} cannot be reached (ECONNREFUSED).`,
        retryable: "always",
        httpStatus: null,
        mayHaveArrived: false,
      });
    },
  );

  test("an error without a code of Node's is not shown", async () => {
    const odd = failing(Object.assign(new Error("https://h/token"), { code: "a b /token" }));
    const none = failing(new Error("https://h/token"));
    const empty = failing(Object.assign(new Error("https://h/token"), { code: "" }));
    for (const transport of [odd, none, empty]) {
      const { message } = await errorOf(postTo("http://h.example/token", {}, transport));
      expect(message).toBe("h.example cannot be reached.");
    }
  });

  test("for a certificate that is not trusted, no attempt is repeated", async () => {
    await using server = await startUntrustedServer();
    const error = await errorOf(postTo(`https://${server.host}/token`, { dropsRepeats: true }));
    expect(error).toMatchObject({
      code: "UNREACHABLE",
      retryable: "never",
      mayHaveArrived: false,
      message: expect.stringMatching(/^127\.0\.0\.1:\d+ .*certificate/),
    });
  });

  test.each([
    [true, "always"],
    [false, "never"],
  ])("by a fault of the proxy, that decides: transient %s", async (isTransient, retryable) => {
    const fault = new ProxyError("PROXY_REFUSED", "The proxy p refuses.", isTransient);
    const posted = postTo("http://h.example/token", { dropsRepeats: true }, failing(fault));
    expect(await errorOf(posted)).toEqual({
      code: "UNREACHABLE",
      message: "The proxy p refuses.",
      retryable,
      httpStatus: null,
      mayHaveArrived: false,
    });
  });
});

/** A transport whose connections fail with an error. */
function failing(error: Error): Transport {
  class FailingAgent extends Agent {
    override createConnection(
      _options: unknown,
      onConnection?: (error: Error | null, stream: Duplex) => void,
    ): undefined {
      // Node gives the request no stream to go with an error.
      Reflect.apply(onConnection ?? (() => {}), undefined, [error]);
    }
  }
  const agent = new FailingAgent();
  return { ...DIRECT, agentFor: () => agent, [Symbol.dispose]: () => agent.destroy() };
}
