import { clientMethods } from "./client-methods.ts";
import { parseSdk, replaceParts } from "./parse-sdk.ts";
import { UnknownSdkTextError } from "./unknown-sdk-text-error.ts";

/**
 * Replaces the bodies of methods that no call needs: each throws when it is called.
 *
 * @param file - the name of the text in errors
 * @param names - the names of the methods
 * @throws {@link UnknownSdkTextError} when the file does not hold a client with these methods
 */
export function refuseMethods(file: string, text: string, names: readonly string[]): string {
  const methods = clientMethods(file, parseSdk(file, text));
  const parts = names.map((name) => {
    const method = methods.get(name);
    if (method === undefined) throw new UnknownSdkTextError(file, `It has no method ${name}.`);
    const message = `${name} of ${file} is not in this bundle, since no call needs it: take it out of REFUSED_METHODS in scripts/sdk/small-sdk.ts.`;
    return { node: method.value.body, by: `{ throw new Error(${JSON.stringify(message)}); }` };
  });
  return replaceParts(text, parts);
}
