import { type AnyNode, type Node, parse, type Program } from "acorn";

import { UnknownSdkTextError } from "./unknown-sdk-text-error.ts";

/**
 * Parses a file of the SDK. With a parser, because a pattern finds the end of a method only as long
 * as nobody formats it differently; with acorn, because TypeScript 7 lets nobody parse with it.
 *
 * @param file - what errors call the text
 * @throws {@link UnknownSdkTextError} when it is not the CommonJS that the SDK consists of
 */
export function parseSdk(file: string, text: string): Program {
  try {
    return parse(text, { ecmaVersion: 2022, sourceType: "script" });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UnknownSdkTextError(file, `It is no CommonJS: ${error.message}.`);
  }
}

/** A node as what its type says that it is, which the walker's own types leave open. */
export function typed(node: Node): AnyNode {
  return node as AnyNode;
}

/** What is required, where a node is `require("…")`; otherwise null. */
export function requiredBy(node: Node | null | undefined): string | null {
  const [argument] = argumentsOf(node, ["require"]) ?? [];
  if (argument === undefined) return null;
  const literal = typed(argument);
  return literal.type === "Literal" && typeof literal.value === "string" ? literal.value : null;
}

/** What one of these functions is called with, where a node is such a call; otherwise null. */
export function argumentsOf(
  node: Node | null | undefined,
  functions: readonly string[],
): readonly Node[] | null {
  if (!node) return null;
  const call = typed(node);
  if (call.type !== "CallExpression" || call.callee.type !== "Identifier") return null;
  return functions.includes(call.callee.name) ? call.arguments : null;
}

/** A text with some of its parts replaced. */
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
