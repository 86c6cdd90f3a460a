import { parseSdk } from "./parse-sdk.ts";
import { UnknownSdkTextError } from "./unknown-sdk-text-error.ts";

/** `exports.A = …` also in a chain, and `Object.defineProperty(exports, "A", …`. */
const EXPORT = /\bexports\.(\w+) = |\bObject\.defineProperty\(exports, "(\w+)"/g;

/**
 * Replaces a file of the SDK that no call needs by one that exports the same names, of which each throws
 * when it is used.
 *
 * @param file - the name of the text in errors
 * @throws {@link UnknownSdkTextError} when the text exports no names
 */
export function refuseUse(file: string, text: string): string {
  parseSdk(file, text);
  const names = new Set([...text.matchAll(EXPORT)].map(([, one, other]) => one ?? String(other)));
  names.delete("__esModule");
  if (names.size === 0) throw new UnknownSdkTextError(file, "It exports no names.");
  const message = `${file} is not in this bundle, since no call needs it: take it out of REFUSED in scripts/sdk/small-sdk.ts.`;
  return `
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    for (const name of ${JSON.stringify([...names])}) {
      const get = () => { throw new Error(${JSON.stringify(message)}); };
      Object.defineProperty(exports, name, { enumerable: true, get });
    }
  `;
}
