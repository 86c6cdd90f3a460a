import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The checksum of the code that was uploaded for each function, by the key of its resource. */
export type Checksums = Readonly<Record<string, string>>;

/** The deployment component logs the CRC-64 of a zip, in decimal, before it uploads it. */
const CHECKSUM = /\bcode zip crc64=(\d{1,20});/g;

/**
 * Reads the checksums of the uploaded code from the logs of a deployment, to compare them with the
 * code in the cloud. The component does not print them elsewhere.
 *
 * @param folder - contains the logs of this deployment only
 * @param keys - the keys of the deployed resources
 * @returns no entry for a resource whose log contains no checksum
 */
export function readUploadedChecksums(folder: string, keys: readonly string[]): Checksums {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const file = join(folder, `${key}.log`);
      if (!existsSync(file)) return [];
      const checksum = [...readFileSync(file, "utf8").matchAll(CHECKSUM)].at(-1)?.[1];
      return checksum === undefined ? [] : [[key, checksum]];
    }),
  );
}
