import { createHmac } from "node:crypto";

import type { Credentials } from "../service/credentials.ts";

/**
 * Headers of a signed request to the log service, without a body. The signature does not cover the host.
 *
 * @param path - without a query
 * @param date - the time of the request, as RFC 1123 writes it
 * @returns names in lower case
 * @see https://www.alibabacloud.com/help/en/sls/developer-reference/request-signatures
 */
export function signLogServiceRequest(
  method: string,
  path: string,
  date: string,
  { accessKeyId, accessKeySecret, securityToken }: Credentials,
): Readonly<Record<string, string>> {
  // In the order in which they are signed: that of their names.
  const headers: Readonly<Record<string, string>> = {
    ...(securityToken !== undefined && { "x-acs-security-token": securityToken }),
    "x-log-apiversion": "0.6.0",
    "x-log-bodyrawsize": "0",
    "x-log-signaturemethod": "hmac-sha256",
  };
  const signedHeaders = Object.entries(headers).map(([name, value]) => `${name}:${value}`);
  // Two empty lines: the digest and the type of the body.
  const text = [method, "", "", date, ...signedHeaders, path].join("\n");
  const signature = createHmac("sha256", accessKeySecret).update(text).digest("base64");
  return { ...headers, date, authorization: `LOG ${accessKeyId}:${signature}` };
}
