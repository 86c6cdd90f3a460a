import { describeTlsFault, type Fault } from "./tls-fault.ts";

/** NODE_EXTRA_CA_CERTS adds authorities to those that Node trusts; it is read once, at the start. */
const UNTRUSTED: Fault = {
  is: "has a certificate of an authority that this machine does not trust",
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
 * Node's codes of certificates that it does not accept.
 *
 * @see https://nodejs.org/docs/latest-v20.x/api/tls.html#x509-certificate-error-codes
 * @see https://nodejs.org/docs/latest-v20.x/api/errors.html#err_tls_cert_altname_invalid
 */
const FAULTS: Readonly<Record<string, Fault>> = {
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

/**
 * Says what is wrong with a host's certificate, or why there is no TLS connection to show one, and
 * what to do; null for errors of other kinds.
 *
 * @param host - as it may be shown
 * @param error - what a connection failed with
 */
export function describeCertificateFault(host: string, error: unknown): string | null {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const fault = Object.hasOwn(FAULTS, code) ? FAULTS[code] : undefined;
  if (fault === undefined) return describeTlsFault(host, error);
  return `${host} ${fault.is} (${code}). ${fault.advice}`;
}
