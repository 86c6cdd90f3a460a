import type * as NodeZlib from "node:zlib";

import { errorCode } from "../../text/error-code.ts";

/** Node's module of codings, without what is not used. */
type Zlib = Pick<
  typeof NodeZlib,
  "brotliDecompressSync" | "gunzipSync" | "inflateRawSync" | "inflateSync"
>;

/** Decodes a body; throws when it is not in that coding, or longer than the limit. */
type Decode = (zlib: Zlib, body: Buffer, limits: { readonly maxOutputLength: number }) => Buffer;

const gunzip: Decode = (zlib, body, limits) => zlib.gunzipSync(body, limits);

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1 */
const DECODERS: Readonly<Record<string, Decode>> = {
  gzip: gunzip,
  "x-gzip": gunzip,
  // Some servers leave out the zlib header, whose first four low bits are always 8.
  deflate: (zlib, body, limits) =>
    ((body[0] ?? 0) & 0x0f) === 8
      ? zlib.inflateSync(body, limits)
      : zlib.inflateRawSync(body, limits),
  br: (zlib, body, limits) => zlib.brotliDecompressSync(body, limits),
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
export async function decodeBody(
  body: Buffer,
  coding: string | undefined,
  maxBytes: number,
): Promise<Decoded> {
  const name = coding?.trim().toLowerCase() || "identity";
  if (name === "identity") return { kind: "decoded", body };
  const decode = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined;
  if (decode === undefined) return { kind: "unreadable" };
  // An answer without a body, such as a 204, may name a coding all the same.
  if (body.length === 0) return { kind: "decoded", body };
  // Loaded on first use: hardly any answer is in a coding, and loading it takes a part of a cold start.
  const zlib = await import("node:zlib");
  try {
    return { kind: "decoded", body: decode(zlib, body, { maxOutputLength: maxBytes }) };
  } catch (error) {
    return { kind: errorCode(error) === "ERR_BUFFER_TOO_LARGE" ? "tooLong" : "unreadable" };
  }
}
