import { createHash, createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

import type { KeyPair } from "./acs3-signature.ts";

/** How far a request's clock may be off, as the service allows it. */
const MAX_CLOCK_SKEW_MS = 15 * 60_000;
const ALGORITHM = "OSS4-HMAC-SHA256";
const AUTHORIZATION =
  /^OSS4-HMAC-SHA256 Credential=([^/,]+)\/(\d{8})\/([a-z0-9-]+)\/oss\/aliyun_v4_request,(?:AdditionalHeaders=([^,]*),)?Signature=([0-9a-f]{64})$/;
const DATE = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

export interface OssRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly bucket: string;
  /** Not escaped. */
  readonly key: string;
  /** Escaped, as it was sent. */
  readonly query: string;
}

/** The signed text, which the service repeats in its answer to an invalid signature. */
export interface OssComplaint {
  readonly status: number;
  readonly code: string;
  readonly stringToSign: string;
}

/**
 * Verifies a request's signature of version 4 the way the service documents it, independently of
 * ali-oss; version 1 is refused, as by new buckets.
 *
 * @returns null when the signature is valid
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/recommend-to-use-signature-version-4
 */
export function complaintAboutSignature(
  { method, headers, bucket, key, query }: OssRequest,
  keyPair: KeyPair,
): OssComplaint | null {
  const date = String(headers["x-oss-date"]);
  const [, id, day = "", region = "", additional = "", signature] =
    AUTHORIZATION.exec(headers.authorization ?? "") ?? [];
  const signed = Object.keys(headers).filter(
    (name) =>
      name.startsWith("x-oss-") ||
      name === "content-type" ||
      name === "content-md5" ||
      additional.split(";").includes(name),
  );
  const canonicalRequest = [
    method,
    `/${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`,
    canonicalQuery(query),
    ...signed.toSorted().map((name) => `${name}:${String(headers[name]).trim()}`),
    "",
    additional,
    String(headers["x-oss-content-sha256"]),
  ].join("\n");
  const scope = `${day}/${region}/oss/aliyun_v4_request`;
  const hash = createHash("sha256").update(canonicalRequest).digest("hex");
  const stringToSign = `${ALGORITHM}\n${date}\n${scope}\n${hash}`;
  const refuse = (code: string): OssComplaint => ({ status: 403, code, stringToSign });

  if (id === undefined) return refuse("AccessDenied");
  if (id !== keyPair.accessKeyId) return refuse("InvalidAccessKeyId");
  if (headers["x-oss-security-token"] !== keyPair.securityToken) {
    return refuse("SecurityTokenExpired");
  }
  const signedAtMs = Date.parse(date.replace(DATE, "$1-$2-$3T$4:$5:$6Z"));
  if (!date.startsWith(day) || !(Math.abs(Date.now() - signedAtMs) < MAX_CLOCK_SKEW_MS)) {
    return refuse("RequestTimeTooSkewed");
  }
  const signingKey = [day, region, "oss", "aliyun_v4_request"].reduce<Buffer | string>(
    (secret, part) => createHmac("sha256", secret).update(part).digest(),
    `aliyun_v4${keyPair.accessKeySecret}`,
  );
  const expected = createHmac("sha256", signingKey).update(stringToSign).digest("hex");
  return signature === expected ? null : refuse("SignatureDoesNotMatch");
}

/** Parameters by name, each escaped again; one without a value has no equals sign. */
function canonicalQuery(query: string): string {
  return [...new URLSearchParams(query)]
    .map(([name, value]) => `${escape(name)}${value === "" ? "" : `=${escape(value)}`}`)
    .toSorted()
    .join("&");
}

/** Escapes all but the unreserved characters of RFC 3986. */
function escape(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
