import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from "node:zlib";

import { errorCode } from "../../text/error-code.ts";

/** Decodes a body; throws when it is not in that coding, or longer than the limit. */
type Decode = (body: Buffer, limits: { readonly maxOutputLength: number }) => Buffer;

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1 */
const DECODERS: Readonly<Record<string, Decode>> = {
  identity: (body) => body,
  gzip: gunzipSync,
  "x-gzip": gunzipSync,
  // Some servers leave out the zlib header, whose first four low bits are always 8.
  deflate: (body, limits) =>
    ((body[0] ?? 0) & 0x0f) === 8 ? inflateSync(body, limits) : inflateRawSync(body, limits),
  br: brotliDecompressSync,
};

/** A decoded body, or why there is none. */
export type Decoded =
  | { readonly kind: "decoded"; readonly body: Buffer }
  /** The decoded body is longer than the limit. */
  | { readonly kind: "tooLong" }
  /** The coding is unknown, there are several, or the body is not in that coding. */
  | { readonly kind: "unreadable" };

/**
 * Decodes the body of an answer. Requests ask for no content coding, but an intermediary may apply
 * one all the same.
 *
 * @param coding - the header `content-encoding`; undefined where there is none
 * @param maxBytes - how long the decoded body may be
 */
export function decodeBody(body: Buffer, coding: string | undefined, maxBytes: number): Decoded {
  const name = coding?.trim().toLowerCase() || "identity";
  const decode = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined;
  if (decode === undefined) return { kind: "unreadable" };
  // An answer without a body, such as a 204, may name a coding all the same.
  if (body.length === 0) return { kind: "decoded", body };
  try {
    return { kind: "decoded", body: decode(body, { maxOutputLength: maxBytes }) };
  } catch (error) {
    return { kind: errorCode(error) === "ERR_BUFFER_TOO_LARGE" ? "tooLong" : "unreadable" };
  }
}
