import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

import { expect, test } from "vitest";

import { auditEmulator } from "../../harness/audit-emulator.ts";

const REGIONS: Readonly<Record<string, { readonly activated: boolean }>> = {
  "cn-a": { activated: true },
  "cn-b": { activated: false },
  "cn-c": { activated: true },
  "cn-d": { activated: false },
};

/** A server, one for all regions, that writes each answer as raw text on kept connections. */
async function startRawServer(answer: (regionId: string, socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", (data) => {
      const [, regionId = ""] = /[?&]RegionId=([\w-]+)/.exec(String(data)) ?? [];
      answer(regionId, socket);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    world: { keys: [{ accessKeyId: "LTAI5tKey", accessKeySecret: "secret" }], regions: REGIONS },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function httpAnswer(fields: object): string {
  const body = JSON.stringify(fields);
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

function answerOf(regionId: string, RequestId: string): string {
  return httpAnswer({ RequestId, Enabled: REGIONS[regionId]?.activated });
}

/** Data that is sent once, before the answer to the second request of a connection. */
test.each([
  ["an invalid answer", httpAnswer({ RequestId: "OTHER" })],
  ["a page", httpAnswer([]).replace("[]", "..")],
])("no region gets another's answer after %s", async (_what, stray) => {
  let asked = 0;
  await using server = await startRawServer((regionId, socket) => {
    asked += 1;
    const own = answerOf(regionId, `OWN-${asked}`);
    // In two writes, so that the client reads the stray one as a separate answer.
    if (asked === 2) socket.write(stray, () => setImmediate(() => socket.write(own)));
    else socket.write(own);
  });
  const report = await auditEmulator(server, {
    concurrency: 1,
    caller: { accountId: "1234567890123456", arn: "acs:ram::1234567890123456:user/a" },
  });
  const read = report.findings.filter(({ status }) => status !== "INSUFFICIENT_DATA");
  expect(read.length).toBeGreaterThanOrEqual(3);
  expect(read).toMatchObject(
    read.map(({ regionId }) => ({
      regionId,
      status: REGIONS[regionId]?.activated === true ? "COMPLIANT" : "NON_COMPLIANT",
    })),
  );
});
