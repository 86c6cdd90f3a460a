import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

/** The data that a server sends in place of a TLS handshake. */
export type OddHello = "tls-1.0" | "plain" | { readonly alert: number };

/** A server on 127.0.0.1 with which no TLS connection can be made. */
export interface OddTlsServer extends AsyncDisposable {
  /** Host and port. */
  readonly host: string;
}

/** Starts a server that answers every handshake with this data. */
export async function startOddTlsServer(hello: OddHello): Promise<OddTlsServer> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end(answerOf(hello)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Records by RFC 5246. */
function answerOf(hello: OddHello): Buffer {
  if (hello === "plain") return Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n");
  if (hello !== "tls-1.0") return record(0x15, Buffer.of(2, hello.alert));
  // Version, random bytes, no session, TLS_RSA_WITH_AES_128_CBC_SHA, no compression.
  const serverHello = Buffer.concat([Buffer.of(3, 1), Buffer.alloc(32, 7), Buffer.of(0, 0, 47, 0)]);
  return record(0x16, Buffer.concat([Buffer.of(2, 0, 0, serverHello.length), serverHello]));
}

function record(type: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(type, 3, 1, 0, content.length), content]);
}
