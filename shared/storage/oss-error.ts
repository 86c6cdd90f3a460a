import { isIP } from "node:net";

import { AttemptError, type AttemptErrorOptions } from "../audit/attempt-error.ts";
import { describeTlsFault } from "../http/tls-fault.ts";
import type { ObservedExchange } from "../http/exchange.ts";
import { ProxyError } from "../http/proxy-error.ts";
import { parseRetryAfter } from "../http/retry-after.ts";
import { cleanId, explainKind, kindOfCode } from "../service/service-code.ts";
import { errorCode } from "../text/error-code.ts";
import { withoutBrackets } from "../http/hostname.ts";

/** A call to OSS that failed. The message holds codes and names of ours only. */
export class OssError extends AttemptError {
  override readonly name = "OssError";
  /** The service's own, where it answered with one. */
  readonly code: string | null;

  constructor(code: string | null, message: string, options: AttemptErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What was asked, for the messages. */
export interface OssSubject {
  readonly bucket: string;
  readonly prefix: string;
  /** The host that was asked, without the bucket. */
  readonly host: string;
}

/**
 * Makes sure that an answer that ali-oss takes for success is the service's own, and to all that was
 * asked: it takes a part (206), and none because nothing has changed (304), for the whole, and the
 * page of a gateway for a state.
 *
 * @param expected - the one status that says so
 * @throws {@link OssError} when it is not
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/public-headers
 */
export function assertDone(
  expected: number,
  { host }: OssSubject,
  { response }: Pick<ObservedExchange, "response">,
): void {
  const { status, headers } = response ?? { status: 0, headers: {} };
  const isOfService = headers["x-oss-request-id"] !== undefined;
  if (status === expected && isOfService) return;
  throw new OssError(
    null,
    status === expected
      ? `Something else answered for ${host} (HTTP ${status}, without the id of a request). Check the network, and whether a proxy on the way answers in its place.`
      : `${host} answered HTTP ${status} where ${expected} is the only success: what came may not be the whole state. Check whether a proxy on the way keeps answers or changes them.`,
    { retryable: "always" },
  );
}

/**
 * Turns whatever a call through ali-oss threw into an {@link OssError}. Recognises errors by code
 * and HTTP status. The service's text is not passed on: it may hold what was signed, the security
 * token included.
 *
 * @param error - what ali-oss threw, or the code that the call's time budget ended with
 * @see https://www.alibabacloud.com/help/en/oss/support/http-status-code-403
 */
export function classifyOssFailure(
  error: unknown,
  subject: OssSubject,
  sighting: ObservedExchange,
): OssError {
  const { response, oversized } = sighting;
  const { host } = subject;
  if (error instanceof OssError) return error;
  if (!(error instanceof Error)) {
    return new OssError(null, `${host} did not answer in time.`, { retryable: "always" });
  }
  if (oversized) {
    return new OssError(null, `${host} sent more than any state has.`, { retryable: "never" });
  }
  if (response === undefined) return unreachable(error, subject, sighting);
  const { status } = response;
  if (status < 300) {
    return new OssError(null, `The answer of ${host} was cut off.`, { retryable: "always" });
  }
  const code = cleanId(errorCode(error));
  const told = `(HTTP ${status}${code === null ? "" : `, ${code}`})`;
  return new OssError(code, explain(code, status, told, subject), {
    retryable: status === 429 || status >= 500 ? "always" : "never",
    retryAfterMs: parseRetryAfter(response.headers["retry-after"]),
  });
}

function explain(
  code: string | null,
  status: number,
  told: string,
  { bucket, prefix, host }: OssSubject,
): string {
  if (code === "NoSuchBucket") {
    return `There is no bucket ${bucket} at ${host} ${told}. Create it, or correct the state's address.`;
  }
  const kind = kindOfCode(code ?? "");
  if (kind !== null) return explainKind(kind, told, ` by ${host}`);
  if (status === 403) {
    return `Access denied to the state in ${bucket} at ${host} ${told}. Allow oss:GetObject, oss:PutObject and oss:DeleteObject on acs:oss:*:*:${bucket}/${prefix}*, and check that this is the bucket's region.`;
  }
  if (status === 429 || status >= 500) {
    return `${host} failed, or is too busy ${told}. Run again later.`;
  }
  return `${host} refused the request for the state ${told}.`;
}

function unreachable(
  error: Error,
  { bucket, host }: OssSubject,
  { hostResolved }: ObservedExchange,
): OssError {
  if (error instanceof ProxyError) {
    return new OssError(null, error.message, { retryable: error.retryable, cause: error });
  }
  const certificate = describeTlsFault(host, error);
  if (certificate !== null) {
    return new OssError(null, certificate, { retryable: "never", cause: error });
  }
  const known = hostResolved || isIP(withoutBrackets(host.replace(/:\d+$/, ""))) !== 0;
  return new OssError(
    null,
    known
      ? `${host} cannot be reached. Check the network, a firewall or a proxy on the way.`
      : `There is no host ${bucket}.${host}, or no name server that knows it. Correct the region of the state, or check the network.`,
    // Made by the HTTP client before any answer: it knows the address, and no key.
    { retryable: "always", cause: error },
  );
}
