import type { Class, MethodDefinition, Program } from "acorn";

import { UnknownSdkTextError } from "./unknown-sdk-text-error.ts";

/**
 * The methods of the only class of a file, the client, by their names.
 *
 * @param file - the name of the text in errors
 * @throws {@link UnknownSdkTextError} when there is another class, or when something in the class is no
 *   plain method
 */
export function clientMethods(
  file: string,
  program: Program,
): ReadonlyMap<string, MethodDefinition> {
  return methodsOf(file, clientOf(file, program));
}

function clientOf(file: string, { body }: Program): Class {
  const classes = body.filter((node) => node.type === "ClassDeclaration");
  const [client] = classes;
  if (client !== undefined && classes.length === 1 && client.id.name === "Client") return client;
  throw new UnknownSdkTextError(file, "It does not hold the class Client and no other.");
}

function methodsOf(file: string, { body }: Class): Map<string, MethodDefinition> {
  const methods = new Map<string, MethodDefinition>();
  for (const member of body.body) {
    const method = member.type === "MethodDefinition" && !member.computed && !member.static;
    if (!method || member.key.type !== "Identifier" || methods.has(member.key.name)) {
      throw new UnknownSdkTextError(file, "Something in its class is no plain method.");
    }
    methods.set(member.key.name, member);
  }
  return methods;
}
