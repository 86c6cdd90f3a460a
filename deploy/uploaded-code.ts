import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The checksum of the code that was uploaded for each function, by the key of its resource. */
export type Checksums = Readonly<Record<string, string>>;

/** What the deployment component logs of a zip before it uploads it: a CRC-64 in decimal digits. */
const CHECKSUM = /\bcode zip crc64=(\d{1,20});/g;

/**
 * Reads from the logs of a deployment what code was uploaded, so that it can be compared with the
 * code in the cloud. The component prints it nowhere else.
 *
 * @param folder - the logs of this deployment alone
 * @param keys - of the resources that were deployed
 * @returns nothing for a resource whose log does not tell
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
