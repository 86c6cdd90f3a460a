import { isIP } from "node:net";

import { AttemptError, type AttemptErrorOptions } from "../audit/attempt-error.ts";
import type { ObservedExchange } from "../http/exchange.ts";
import { withoutBrackets } from "../http/hostname.ts";
import { ProxyError } from "../http/proxy-error.ts";
import { parseRetryAfter } from "../http/retry-after.ts";
import { describeTlsFault } from "../http/tls-fault.ts";
import { cleanId, explainKind, kindOfCode } from "../service/service-code.ts";
import { errorCode } from "../text/error-code.ts";

/** A failed call to OSS. The message contains codes and configured names only. */
export class OssError extends AttemptError {
  override readonly name = "OssError";
  /** The service's error code; null if it answered without one, or did not answer. */
  readonly code: string | null;

  constructor(code: string | null, message: string, options: AttemptErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What is kept in a bucket. */
export interface BucketContents {
  /** Such as "state", for messages. */
  readonly called: string;
  /** The RAM actions that are needed, as a list in a sentence. */
  readonly actions: string;
  /** Whether they are on the bucket itself, and not on the objects in it. @default false */
  readonly areOnBucket?: boolean;
  /** Bytes of the largest object. */
  readonly maxBytes: number;
}

/** The bucket and the host of a call, for messages. */
export interface OssSubject {
  readonly bucket: string;
  readonly prefix: string;
  /** The endpoint's host, without the bucket. */
  readonly host: string;
  readonly contents: BucketContents;
}

/**
 * Checks that an answer comes from OSS and means complete success. ali-oss also accepts partial
 * content (206), an empty answer to a conditional request (304), and the page of a gateway.
 *
 * @param expected - the only status that means complete success
 * @throws {@link OssError} when the status differs, or the answer has no request id
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/public-headers
 */
export function assertDone(
  expected: number,
  { host, contents }: OssSubject,
  { response }: Pick<ObservedExchange, "response">,
): void {
  const { status, headers } = response ?? { status: 0, headers: {} };
  const isOfService = headers["x-oss-request-id"] !== undefined;
  if (status === expected && isOfService) return;
  throw new OssError(
    null,
    status === expected
      ? `Something else answered for ${host} (HTTP ${status}, without the id of a request). Check the network, and whether a proxy on the way answers in its place.`
      : `${host} answered HTTP ${status} where ${expected} is the only success: what came may not be the whole ${contents.called}. Check whether a proxy on the way keeps answers or changes them.`,
    { retryable: "always" },
  );
}

/**
 * Converts any error of a call through ali-oss to an {@link OssError}. Errors are recognised by code
 * and HTTP status. The service's message is dropped, because it can contain the signed request with
 * the security token.
 *
 * @param error - an error, or the code of the time budget that ended the call
 * @param observed - the exchange of the call
 * @see https://www.alibabacloud.com/help/en/oss/support/http-status-code-403
 */
export function classifyOssFailure(
  error: unknown,
  subject: OssSubject,
  observed: ObservedExchange,
): OssError {
  const { response, oversized } = observed;
  const { host, contents } = subject;
  if (error instanceof OssError) return error;
  if (!(error instanceof Error)) {
    return new OssError(null, `${host} did not answer in time.`, { retryable: "always" });
  }
  if (oversized) {
    return new OssError(null, `${host} sent more than any ${contents.called} has.`, {
      retryable: "never",
    });
  }
  if (response === undefined) return unreachable(error, subject, observed);
  const { status } = response;
  if (status < 300) {
    return new OssError(null, `The answer of ${host} was cut off.`, { retryable: "always" });
  }
  const code = cleanId(errorCode(error));
  const detail = `(HTTP ${status}${code === null ? "" : `, ${code}`})`;
  return new OssError(code, explain(code, status, detail, subject), {
    retryable: status === 429 || status >= 500 ? "always" : "never",
    retryAfterMs: parseRetryAfter(response.headers["retry-after"]),
  });
}

function explain(
  code: string | null,
  status: number,
  detail: string,
  { bucket, prefix, host, contents: { called, actions, areOnBucket = false } }: OssSubject,
): string {
  if (code === "NoSuchBucket") {
    return `There is no bucket ${bucket} at ${host} ${detail}. Create it, or correct the ${called}'s address.`;
  }
  if (code === "FileImmutable") {
    return `The bucket ${bucket} is locked by a retention policy, so nothing in it can be replaced or deleted ${detail}. Use a bucket for the ${called} that has none.`;
  }
  const kind = kindOfCode(code ?? "");
  if (kind !== null) return explainKind(kind, detail, ` by ${host}`);
  if (status === 403) {
    return `Access denied to the ${called} in ${bucket} at ${host} ${detail}. Allow ${actions} on acs:oss:*:*:${bucket}${areOnBucket ? "" : `/${prefix}*`}, and check that this is the bucket's region.`;
  }
  if (status === 429 || status >= 500) {
    return `${host} failed, or is too busy ${detail}. Run again later.`;
  }
  return `${host} refused the request for the ${called} ${detail}.`;
}

function unreachable(
  error: Error,
  { bucket, host, contents: { called } }: OssSubject,
  { hostResolved }: ObservedExchange,
): OssError {
  if (error instanceof ProxyError) {
    return new OssError(null, error.message, { retryable: error.retryable, cause: error });
  }
  const tlsFault = describeTlsFault(host, error);
  if (tlsFault !== null) {
    return new OssError(null, tlsFault, { retryable: "never", cause: error });
  }
  const hasAddress = hostResolved || isIP(withoutBrackets(host.replace(/:\d+$/, ""))) !== 0;
  return new OssError(
    null,
    hasAddress
      ? `${host} cannot be reached. Check the network, a firewall or a proxy on the way.`
      : `There is no host ${bucket}.${host}, or no name server that knows it. Correct the region of the ${called}, or check the network.`,
    // The error comes from before any answer, so it can contain the address but no key.
    { retryable: "always", cause: error },
  );
}
