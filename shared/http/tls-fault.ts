/** What is wrong with a connection's TLS, and what to do. */
export interface Fault {
  /** Follows the host, before the code. */
  readonly is: string;
  readonly advice: string;
}

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
 * OpenSSL's reasons, by number and by the name that Node makes a code of. Node reports most of them
 * as EPROTO, with the number in the text; which of the two comes depends on the moment.
 *
 * @see https://github.com/openssl/openssl/blob/openssl-3.0/include/openssl/sslerr.h
 * @see https://nodejs.org/docs/latest-v20.x/api/errors.html#openssl-errors
 */
const REASONS: readonly (readonly [number: number, name: string, fault: Fault])[] = [
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
 * The library of the number is 0A, SSL; the rest of it the reason. Looked for whatever the error's own
 * code is: ali-oss puts one of its own in its place.
 */
const NUMBER = /\bEPROTO [0-9A-F]+:error:0A([0-9A-F]{6}):/;

/**
 * Says why no TLS connection to a host came about, and what to do; null for errors of other kinds.
 *
 * @param host - as it may be shown
 * @param error - what a connection failed with
 */
export function describeTlsFault(host: string, error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error)) return null;
  const number = NUMBER.exec(error.message)?.[1];
  const found = REASONS.find(([known, name]) =>
    number === undefined ? error.code === `ERR_SSL_${name}` : Number.parseInt(number, 16) === known,
  );
  if (found === undefined) return null;
  const [, name, { is, advice }] = found;
  return `${host} ${is} (${name}). ${advice}`;
}
