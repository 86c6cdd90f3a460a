import { MANIFEST_SUFFIX } from "./manifest.ts";

/** A manifest has less than a thousandth of it; many are read at once. */
const MANIFEST_BYTES = 1_048_576;

/** The longest text of this runtime, so that no report is longer (`buffer.constants.MAX_STRING_LENGTH`). */
export const LARGEST_BYTES = 2 ** 29 - 24;

/** Bytes of the largest file of evidence of that name. One that has more was not written by this program. */
export function maxBytesOf(name: string): number {
  return name.endsWith(MANIFEST_SUFFIX) ? MANIFEST_BYTES : LARGEST_BYTES;
}
