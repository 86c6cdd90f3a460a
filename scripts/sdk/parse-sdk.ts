import { type AnyNode, type Node, parse, type Program } from "acorn";

import { UnknownSdkTextError } from "./unknown-sdk-text-error.ts";

/**
 * Parses a file of the SDK. Patterns would depend on the formatting; acorn is used because
 * TypeScript 7 has no parser API.
 *
 * @param file - the name of the text in errors
 * @throws {@link UnknownSdkTextError} when the text is not a CommonJS script
 */
export function parseSdk(file: string, text: string): Program {
  try {
    return parse(text, { ecmaVersion: 2022, sourceType: "script" });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UnknownSdkTextError(file, `It is no CommonJS: ${error.message}.`);
  }
}

/** Narrows a node of the walker to acorn's union of node types. */
export function typed(node: Node): AnyNode {
  return node as AnyNode;
}

/** The module name if a node is `require("…")`; otherwise null. */
export function requiredBy(node: Node | null | undefined): string | null {
  const [argument] = argumentsOf(node, ["require"]) ?? [];
  if (argument === undefined) return null;
  const literal = typed(argument);
  return literal.type === "Literal" && typeof literal.value === "string" ? literal.value : null;
}

/** The arguments if a node is a call of one of these functions; otherwise null. */
export function argumentsOf(
  node: Node | null | undefined,
  functions: readonly string[],
): readonly Node[] | null {
  if (!node) return null;
  const call = typed(node);
  if (call.type !== "CallExpression" || call.callee.type !== "Identifier") return null;
  return functions.includes(call.callee.name) ? call.arguments : null;
}

/** Replaces the parts of a text that nodes cover. */
export function replaceParts(
  text: string,
  parts: readonly { readonly node: Node; readonly by: string }[],
): string {
  let result = "";
  let end = 0;
  for (const { node, by } of parts.toSorted((one, other) => one.node.start - other.node.start)) {
    result += text.slice(end, node.start) + by;
    end = node.end;
  }
  return result + text.slice(end);
}
