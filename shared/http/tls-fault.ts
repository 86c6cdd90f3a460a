import { errorCode } from "../text/error-code.ts";

/** A reason for which TLS is not established, and its remedy. */
interface Fault {
  /** Predicate of the sentence whose subject is the host. */
  readonly is: string;
  readonly advice: string;
}

const UNTRUSTED: Fault = {
  is: "has a certificate of an authority that this machine does not trust",
  // NODE_EXTRA_CA_CERTS adds to the authorities that Node trusts. It is read once, at the start.
  advice:
    "Where a proxy on the way or a private authority signs, set NODE_EXTRA_CA_CERTS to the file of its certificate.",
};
const WRONG_HOST: Fault = {
  is: "has a certificate that is for another host",
  advice: "Check the address, and whether a proxy or name server leads elsewhere.",
};
const UNACCEPTABLE: Fault = {
  is: "has a certificate that is not accepted",
  advice: "Check whether a proxy on the way has put it there.",
};

/**
 * Faults of the server's certificate by Node's error code.
 *
 * @see https://nodejs.org/docs/latest-v20.x/api/tls.html#x509-certificate-error-codes
 * @see https://nodejs.org/docs/latest-v20.x/api/errors.html#err_tls_cert_altname_invalid
 */
const CERTIFICATE_FAULTS: Readonly<Record<string, Fault>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  CERT_UNTRUSTED: UNTRUSTED,
  CERT_HAS_EXPIRED: {
    is: "has a certificate that has expired",
    advice: "Check the clock of this machine; if it is right, the certificate must be renewed.",
  },
  CERT_NOT_YET_VALID: {
    is: "has a certificate that is not valid yet",
    advice: "Check the clock of this machine.",
  },
  ERR_TLS_CERT_ALTNAME_INVALID: WRONG_HOST,
  HOSTNAME_MISMATCH: WRONG_HOST,
  CERT_REVOKED: UNACCEPTABLE,
  CERT_REJECTED: UNACCEPTABLE,
  CERT_SIGNATURE_FAILURE: UNACCEPTABLE,
  CERT_CHAIN_TOO_LONG: UNACCEPTABLE,
  INVALID_CA: UNACCEPTABLE,
  INVALID_PURPOSE: UNACCEPTABLE,
  PATH_LENGTH_EXCEEDED: UNACCEPTABLE,
};

const TOO_OLD: Fault = {
  is: "agrees on no version of TLS and no cipher that this program uses: it takes TLS 1.2 and 1.3",
  advice: "Update the server, or the proxy or firewall that answers in its place.",
};
const NO_TLS: Fault = {
  is: "answered without TLS",
  advice: "Check the address and its port, and whether a proxy on the way answers in its place.",
};
const UNKNOWN_NAME: Fault = {
  is: "has nothing under this name",
  advice: "Check the address, and whether a proxy or name server leads elsewhere.",
};
const WANTS_CERTIFICATE: Fault = {
  is: "wants a certificate of the client, which this program has none of",
  advice: "Check the address, and whether a proxy on the way asks for it.",
};

/**
 * Faults of the handshake by OpenSSL's reason: its number, and the name from which Node derives an
 * error code. Depending on when the handshake fails, Node reports `ERR_SSL_` and the name, or
 * EPROTO with the number in the message.
 *
 * @see https://github.com/openssl/openssl/blob/openssl-3.0/include/openssl/sslerr.h
 * @see https://nodejs.org/docs/latest-v20.x/api/errors.html#openssl-errors
 */
const HANDSHAKE_FAULTS: readonly (readonly [number: number, name: string, fault: Fault])[] = [
  [258, "UNSUPPORTED_PROTOCOL", TOO_OLD],
  [266, "UNSUPPORTED_SSL_VERSION", TOO_OLD],
  [191, "NO_PROTOCOLS_AVAILABLE", TOO_OLD],
  [338, "UNSAFE_LEGACY_RENEGOTIATION_DISABLED", TOO_OLD],
  [394, "DH_KEY_TOO_SMALL", TOO_OLD],
  [1_040, "SSLV3_ALERT_HANDSHAKE_FAILURE", TOO_OLD],
  [1_040, "SSL/TLS_ALERT_HANDSHAKE_FAILURE", TOO_OLD],
  [1_070, "TLSV1_ALERT_PROTOCOL_VERSION", TOO_OLD],
  [1_071, "TLSV1_ALERT_INSUFFICIENT_SECURITY", TOO_OLD],
  [267, "WRONG_VERSION_NUMBER", NO_TLS],
  [156, "HTTP_REQUEST", NO_TLS],
  [198, "PACKET_LENGTH_TOO_LONG", NO_TLS],
  [1_112, "TLSV1_UNRECOGNIZED_NAME", UNKNOWN_NAME],
  [1_116, "TLSV13_ALERT_CERTIFICATE_REQUIRED", WANTS_CERTIFICATE],
];

/**
 * OpenSSL's packed error in the message of an EPROTO: library 0A (SSL), then the reason. The message
 * is searched whatever the error's code is, because ali-oss replaces the code with its own.
 */
const PACKED_REASON = /\bEPROTO [0-9A-F]+:error:0A([0-9A-F]{6}):/;

/**
 * Says why no TLS connection to a host was established (its certificate is not accepted, or the
 * handshake failed), and what to do. Null for errors of other kinds.
 *
 * @param host - as it may be shown
 * @param error - the error that the connection failed with
 */
export function describeTlsFault(host: string, error: unknown): string | null {
  const code = errorCode(error);
  if (!(error instanceof Error) || code === null) return null;
  const certificate = Object.hasOwn(CERTIFICATE_FAULTS, code)
    ? CERTIFICATE_FAULTS[code]
    : undefined;
  if (certificate !== undefined) return faultMessage(host, code, certificate);
  const number = PACKED_REASON.exec(error.message)?.[1];
  const found = HANDSHAKE_FAULTS.find(([known, name]) =>
    number === undefined ? code === `ERR_SSL_${name}` : Number.parseInt(number, 16) === known,
  );
  return found === undefined ? null : faultMessage(host, found[1], found[2]);
}

function faultMessage(host: string, code: string, { is, advice }: Fault): string {
  return `${host} ${is} (${code}). ${advice}`;
}
