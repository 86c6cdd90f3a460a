import { generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";

/** An HTTPS server on 127.0.0.1 with a certificate that nobody trusts. */
export interface UntrustedServer extends AsyncDisposable {
  /** Host and port. */
  readonly host: string;
}

/**
 * Starts a server that nothing should ever get an answer of.
 *
 * @param issuer - the name of the authority that is said to have signed; the server's own is `me`
 */
export async function startUntrustedServer(issuer = "me"): Promise<UntrustedServer> {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const signed = sequence(
    Buffer.from("0203010001", "hex"), // the serial number
    ECDSA_WITH_SHA256,
    nameOf(issuer),
    sequence(der(0x17, "200101000000Z"), der(0x17, "491231235959Z")),
    nameOf("me"),
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = sign("sha256", signed, privateKey);
  const certificate = sequence(
    signed,
    ECDSA_WITH_SHA256,
    der(0x03, Buffer.concat([Buffer.of(0), signature])),
  );
  const cert = `-----BEGIN CERTIFICATE-----\n${certificate.toString("base64")}\n-----END CERTIFICATE-----`;
  const server = createServer({ key: privateKey.export({ type: "pkcs8", format: "pem" }), cert });
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

/** An element of a certificate, as RFC 5280 encodes it. */
function der(tag: number, content: Buffer | string): Buffer {
  const body = Buffer.from(content);
  const length = body.length;
  const header = length < 0x80 ? [length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...header]), body]);
}

function sequence(...elements: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(elements));
}

/** The object identifier 1.2.840.10045.4.3.2. */
const ECDSA_WITH_SHA256 = sequence(Buffer.from("06082a8648ce3d040302", "hex"));

/** A distinguished name of nothing but a common name, 2.5.4.3. */
function nameOf(common: string): Buffer {
  const attribute = sequence(Buffer.from("0603550403", "hex"), der(0x0c, common));
  return sequence(der(0x31, attribute));
}
