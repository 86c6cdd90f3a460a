import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

import type { KeyPair } from "./acs3-signature.ts";

const AUTHORIZATION = /^LOG ([^:\s]+):([A-Za-z0-9+/]+={0,2})$/;

/** A failure as the service names and explains it. */
export type LogSignatureProblem = readonly [code: string, message: string];

/**
 * Verifies signature version 1 of a request to the log service, as the service documents it.
 *
 * @param path - path and query as on the request line
 * @returns null when the signature is valid
 * @see https://www.alibabacloud.com/help/en/sls/developer-reference/request-signatures
 */
export function verifyLogSignature(
  method: string,
  path: string,
  headers: IncomingHttpHeaders,
  keys: readonly KeyPair[],
): LogSignatureProblem | null {
  const [, accessKeyId = "", signature = ""] =
    AUTHORIZATION.exec(headers.authorization ?? "") ?? [];
  if (accessKeyId === "") return ["ParameterInvalid", "Http extend authorization is invalid."];
  const { date = "" } = headers;
  const key = keys.find((candidate) => candidate.accessKeyId === accessKeyId);
  if (key === undefined) return ["Unauthorized", `AccessKeyId not found: ${accessKeyId}`];
  if (key.securityToken !== headers["x-acs-security-token"]) {
    return ["Unauthorized", "The security token you provided is invalid."];
  }
  if (headers["x-log-signaturemethod"] !== "hmac-sha256") {
    return ["InvalidSignatureMethod", "The signature method is not supported."];
  }
  const canonicalHeaders = Object.entries(headers)
    .filter(([name]) => name.startsWith("x-log-") || name.startsWith("x-acs-"))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${String(value)}\n`)
    .join("");
  const md5 = headers["content-md5"] ?? "";
  const type = headers["content-type"] ?? "";
  const text = `${method}\n${String(md5)}\n${type}\n${date}\n${canonicalHeaders}${path}`;
  const expected = createHmac("sha256", key.accessKeySecret).update(text).digest();
  const given = Buffer.from(signature, "base64");
  return given.length === expected.length && timingSafeEqual(expected, given)
    ? null
    : ["SignatureNotMatch", `Signature ${signature} not matched.`];
}
