import { createHash, randomUUID } from "node:crypto";

/** A new id, for a run that is never repeated. */
export function newRunId(): string {
  return randomUUID();
}

/**
 * The id of a run that may be repeated, from what started it: equal parts give equal ids, so that a
 * repetition is recognised. A UUID of version 8, its bits from SHA-256.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8
 */
export function runIdOf(...parts: readonly (string | null)[]): string {
  const bytes = createHash("sha256").update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
