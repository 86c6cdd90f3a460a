import { EventEmitter, once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

import { expect, test } from "vitest";

import { observeExchange } from "../../shared/observe-exchange.ts";
import { startLoopbackServer } from "../loopback-server.ts";

/** A library that takes no AbortSignal and shows no response. */
async function fetchText(url: string): Promise<string> {
  const [response] = (await once(get(url), "response")) as [IncomingMessage];
  return text(response);
}

test("the response is seen though the library shows none of it", async () => {
  await using server = await startLoopbackServer(async (_request, response) => {
    response.writeHead(503, { "x-told": "yes" }).end("<html>");
  });
  const { result, sighting } = observeExchange(new AbortController().signal, () =>
    fetchText(server.origin),
  );
  expect(sighting.response).toBeUndefined();
  expect(await result).toBe("<html>");
  expect(sighting.response).toMatchObject({ status: 503, headers: { "x-told": "yes" } });
});

test.each([
  ["before an answer", false],
  ["in the middle of a body", true],
])("an abort %s rejects with its reason, and closes the socket", async (_when, answers) => {
  const server = new EventEmitter();
  const arrived = once(server, "arrived");
  const closed = once(server, "closed");
  await using loopback = await startLoopbackServer(async (request, response) => {
    request.socket.once("close", () => server.emit("closed"));
    if (answers) response.writeHead(200).write("{");
    server.emit("arrived");
  });
  const controller = new AbortController();
  const { result } = observeExchange(controller.signal, () => fetchText(loopback.origin));
  await arrived;
  controller.abort("TIMEOUT");
  await expect(result).rejects.toBe("TIMEOUT");
  await closed;
});

test("what is aborted already is not begun", async () => {
  let calls = 0;
  const { result } = observeExchange(AbortSignal.abort("TIMEOUT"), async () => {
    calls += 1;
  });
  await expect(result).rejects.toBe("TIMEOUT");
  expect(calls).toBe(0);
});
