import { createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

import type { KeyPair } from "./acs3-signature.ts";

/** How far a request's clock may be off, as the service allows it. */
const MAX_CLOCK_SKEW_MS = 15 * 60_000;

export interface OssRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly bucket: string;
  /** Not escaped. */
  readonly key: string;
}

/** What was signed, as the service repeats it in its answer when it does not hold. */
export interface OssComplaint {
  readonly status: number;
  readonly code: string;
  readonly stringToSign: string;
}

/**
 * Verifies a request's signature of version 1 the way the service documents it, independently of
 * ali-oss. No request that is emulated has a query that would be signed.
 *
 * @returns null when the signature holds
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/include-signatures-in-the-authorization-header
 */
export function complaintAboutSignature(
  { method, headers, bucket, key }: OssRequest,
  keyPair: KeyPair,
): OssComplaint | null {
  const date = String(headers["x-oss-date"] ?? headers.date);
  const ossHeaders = Object.keys(headers)
    .filter((name) => name.startsWith("x-oss-"))
    .toSorted()
    .map((name) => `${name}:${String(headers[name]).trim()}\n`)
    .join("");
  const { "content-md5": md5 = "", "content-type": type = "" } = headers;
  const stringToSign = `${method}\n${String(md5)}\n${type}\n${date}\n${ossHeaders}/${bucket}/${key}`;
  const refuse = (code: string): OssComplaint => ({ status: 403, code, stringToSign });

  const [, id, signature] = /^OSS ([^:]+):(.+)$/.exec(headers.authorization ?? "") ?? [];
  if (id === undefined) return refuse("AccessDenied");
  if (id !== keyPair.accessKeyId) return refuse("InvalidAccessKeyId");
  if (headers["x-oss-security-token"] !== keyPair.securityToken) {
    return refuse("SecurityTokenExpired");
  }
  if (!(Math.abs(Date.now() - Date.parse(date)) < MAX_CLOCK_SKEW_MS)) {
    return refuse("RequestTimeTooSkewed");
  }
  const expected = createHmac("sha1", keyPair.accessKeySecret)
    .update(stringToSign)
    .digest("base64");
  return signature === expected ? null : refuse("SignatureDoesNotMatch");
}
