import { createHash } from "node:crypto";

import type { Report } from "../audit/report.ts";
import { canonicalJson } from "../text/canonical-json.ts";

/** A document in its canonical form, and the digest by which it is known. */
export interface DigestedDocument {
  /** Canonical JSON, without a line end. */
  readonly text: string;
  /** SHA-256 of the text in UTF-8, in hex. */
  readonly sha256: string;
}

/**
 * Digests a report. Equal reports have equal digests, also where one was read from a file in which the
 * keys had another order. A lone surrogate, which a name from the cloud may have and canonical JSON may
 * not, is replaced by U+FFFD.
 */
export function digestReport(report: Report): DigestedDocument {
  return digestDocument(report);
}

/** Digests any plain data in the same way. */
export function digestDocument(document: object): DigestedDocument {
  const text = canonicalText(document);
  return { text, sha256: sha256Of(text) };
}

function canonicalText(document: object): string {
  try {
    return canonicalJson(document);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return canonicalJson(JSON.parse(JSON.stringify(document), wellFormed));
  }
}

function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === "string" ? value.toWellFormed() : value;
}

/** SHA-256 of a text in UTF-8, or of bytes, in hex. */
export function sha256Of(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
