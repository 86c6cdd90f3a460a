import { createHash, randomUUID } from "node:crypto";

/** An id for a run that nothing can repeat. */
export function newRunId(): string {
  return randomUUID();
}

/**
 * The id of the run that these parts, as far as they are known, started: the same parts give the same id, so that a repeated
 * run is known for what it is. A UUID of version 8, its bits from SHA-256.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8
 */
export function runIdOf(...parts: readonly (string | null)[]): string {
  const bytes = createHash("sha256").update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
