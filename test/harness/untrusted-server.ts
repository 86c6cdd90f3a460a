import { createServer } from "node:https";
import type { AddressInfo } from "node:net";

import { type KeyAndCertificate, selfSigned } from "./certificates.ts";

/** An HTTPS server on 127.0.0.1 with a certificate that is not accepted. */
export interface UntrustedServer extends AsyncDisposable {
  /** Host and port. */
  readonly host: string;
}

/**
 * Starts a server whose answers must never be read.
 *
 * @param certificate - its own; or the name of the authority that is said to have signed, where the
 * server's own name is `me`
 */
export async function startUntrustedServer(
  certificate: KeyAndCertificate | string = "me",
): Promise<UntrustedServer> {
  const server = createServer(
    typeof certificate === "string" ? selfSigned("me", certificate) : { ...certificate },
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
