import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

const ALGORITHM = "ACS3-HMAC-SHA256";
const AUTHORIZATION =
  /^ACS3-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;
/** Headers that every request must have signed. */
const REQUIRED = ["host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-version"];

export interface SignedRequest {
  readonly method: string;
  /** Path and query as on the request line. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface KeyPair {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string | undefined;
}

export type SignatureProblem =
  | "IncompleteSignature"
  | "InvalidAccessKeyId.NotFound"
  | "InvalidSecurityToken.Expired"
  | "SignatureDoesNotMatch";

/**
 * Verifies a request's signature the way the service documents it, independently of the SDK.
 *
 * @returns the service's error code, or null when the signature is valid
 * @see https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
 */
export function verifyAcs3Signature(
  request: SignedRequest,
  keyOf: (accessKeyId: string) => KeyPair | undefined,
): SignatureProblem | null {
  const match = AUTHORIZATION.exec(request.headers.authorization ?? "");
  if (match === null) return "IncompleteSignature";
  const [, accessKeyId = "", signedHeaderList = "", signature = ""] = match;
  const signedHeaders = signedHeaderList.split(";");
  const unsigned = Object.keys(request.headers).filter(
    (name) => name.startsWith("x-acs-") && !signedHeaders.includes(name),
  );
  if (unsigned.length > 0 || REQUIRED.some((name) => !signedHeaders.includes(name))) {
    return "IncompleteSignature";
  }
  const key = keyOf(accessKeyId);
  if (key === undefined) return "InvalidAccessKeyId.NotFound";
  if (key.securityToken !== headerOf(request, "x-acs-security-token")) {
    return "InvalidSecurityToken.Expired";
  }
  const bodyHash = sha256(request.body);
  if (headerOf(request, "x-acs-content-sha256") !== bodyHash) return "SignatureDoesNotMatch";

  const [path = "/", query = ""] = request.url.split("?", 2);
  const canonicalRequest = [
    request.method,
    path,
    canonicalQuery(query),
    ...signedHeaders.toSorted().map((name) => `${name}:${(headerOf(request, name) ?? "").trim()}`),
    "",
    signedHeaders.join(";"),
    bodyHash,
  ].join("\n");
  const expected = createHmac("sha256", key.accessKeySecret)
    .update(`${ALGORITHM}\n${sha256(canonicalRequest)}`)
    .digest();
  return timingSafeEqual(expected, Buffer.from(signature, "hex")) ? null : "SignatureDoesNotMatch";
}

function headerOf(request: SignedRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(",") : value;
}

function canonicalQuery(query: string): string {
  return [...new URLSearchParams(query)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join("&");
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(data: Buffer | string): string {
  return createHash("sha256").update(data).digest("hex");
}
