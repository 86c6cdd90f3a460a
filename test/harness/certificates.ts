import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { isIPv4 } from "node:net";

/** A private key and its certificate, in PEM. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

export interface CertificateTerms {
  /** Names and IPv4 addresses that the certificate is for. */
  readonly hosts: readonly string[];
  /** @default 2049 */
  readonly notAfter?: Date;
}

/** A certificate authority for tests. */
export interface Authority {
  /** Its certificate, in PEM, for `NODE_EXTRA_CA_CERTS`. */
  readonly cert: string;
  issue(terms: CertificateTerms): KeyAndCertificate;
}

const NOT_BEFORE = new Date("2020-01-01T00:00:00Z");
const NOT_AFTER = new Date("2049-12-31T23:59:59Z");

/** Makes an authority with a new key. */
export function createAuthority(name = "Test authority"): Authority {
  const own = newKeys();
  const cert = certify({
    subject: name,
    issuer: name,
    publicKey: own.publicKey,
    signingKey: own.privateKey,
    notAfter: NOT_AFTER,
    extensions: [IS_AUTHORITY],
  });
  return {
    cert,
    issue({ hosts, notAfter = NOT_AFTER }) {
      const { privateKey, publicKey } = newKeys();
      const issued = certify({
        subject: hosts[0] ?? "nobody",
        issuer: name,
        publicKey,
        signingKey: own.privateKey,
        notAfter,
        extensions: [namesOf(hosts)],
      });
      return { key: pemOf(privateKey), cert: issued };
    },
  };
}

/** Makes a certificate that its own key signs, whatever its issuer. */
export function selfSigned(subject: string, issuer: string): KeyAndCertificate {
  const { privateKey, publicKey } = newKeys();
  const cert = certify({
    subject,
    issuer,
    publicKey,
    signingKey: privateKey,
    notAfter: NOT_AFTER,
    extensions: [],
  });
  return { key: pemOf(privateKey), cert };
}

interface Certification {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly signingKey: KeyObject;
  readonly notAfter: Date;
  readonly extensions: readonly Buffer[];
}

let serial = 0x1_00_01;

/** @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1 */
function certify(asked: Certification): string {
  serial += 1;
  const hasExtensions = asked.extensions.length > 0;
  const signed = sequence(
    ...(hasExtensions ? [der(0xa0, der(0x02, Buffer.of(2)))] : []), // version 3
    der(0x02, Buffer.from(serial.toString(16).padStart(6, "0"), "hex")),
    ECDSA_WITH_SHA256,
    nameOf(asked.issuer),
    sequence(timeOf(NOT_BEFORE), timeOf(asked.notAfter)),
    nameOf(asked.subject),
    asked.publicKey.export({ type: "spki", format: "der" }),
    ...(hasExtensions ? [der(0xa3, sequence(...asked.extensions))] : []),
  );
  const signature = sign("sha256", signed, asked.signingKey);
  const certificate = sequence(
    signed,
    ECDSA_WITH_SHA256,
    der(0x03, Buffer.concat([Buffer.of(0), signature])),
  );
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function newKeys(): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
  return generateKeyPairSync("ec", { namedCurve: "prime256v1" });
}

function pemOf(key: KeyObject): string {
  return String(key.export({ type: "pkcs8", format: "pem" }));
}

/** An element of a certificate, as RFC 5280 encodes it. */
function der(tag: number, content: Buffer | string): Buffer {
  const body = Buffer.from(content);
  const { length } = body;
  const short = length < 0x1_00 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...(length < 0x80 ? [length] : short)]), body]);
}

function sequence(...elements: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(elements));
}

/** The object identifier 1.2.840.10045.4.3.2. */
const ECDSA_WITH_SHA256 = sequence(Buffer.from("06082a8648ce3d040302", "hex"));

/** Basic constraints, 2.5.29.19: an authority. */
const IS_AUTHORITY = sequence(
  Buffer.from("0603551d13", "hex"),
  der(0x04, sequence(Buffer.from("0101ff", "hex"))),
);

/** Subject alternative names, 2.5.29.17. */
function namesOf(hosts: readonly string[]): Buffer {
  const names = hosts.map((host) =>
    isIPv4(host) ? der(0x87, Buffer.from(host.split(".").map(Number))) : der(0x82, host),
  );
  return sequence(Buffer.from("0603551d11", "hex"), der(0x04, sequence(...names)));
}

/** A distinguished name that is only a common name, 2.5.4.3. */
function nameOf(common: string): Buffer {
  const attribute = sequence(Buffer.from("0603550403", "hex"), der(0x0c, common));
  return sequence(der(0x31, attribute));
}

/** Up to 2049. */
function timeOf(date: Date): Buffer {
  return der(0x17, `${date.toISOString().replaceAll(/[-:T]/g, "").slice(2, 14)}Z`);
}
