import type { MethodDefinition, Node, Program } from "acorn";
import { full, fullAncestor } from "acorn-walk";

import { clientMethods } from "./client-methods.ts";
import { argumentsOf, parseSdk, replaceParts, requiredBy, typed } from "./parse-sdk.ts";
import { UnknownSdkTextError } from "./unknown-sdk-text-error.ts";

/** The client's file with fewer operations. */
export interface PrunedClient {
  readonly text: string;
  /** The models that the remaining operations use. */
  readonly models: ReadonlySet<string>;
}

/** The variable of the barrel of models in the client's file. */
const MODELS = "$_model";
const BARREL = "./models/model";
const WITH_OPTIONS = "WithOptions";

/**
 * Removes all operations from the client except those named in `words` and those that they call.
 * The rest of the file is unchanged.
 *
 * @param file - the name of the text in errors
 * @param words - the words of the source that uses the client; the name of an operation keeps it
 * @throws {@link UnknownSdkTextError} when the text does not have the layout of the SDK's generator,
 *   so that operations cannot be identified with certainty
 */
export function pruneClient(file: string, text: string, words: ReadonlySet<string>): PrunedClient {
  const program = parseSdk(file, text);
  assertLoadsModels(file, program);
  const methods = clientMethods(file, program);
  const operations = [...methods.keys()].filter((name) => isOperation(file, name, methods));
  if (operations.length === 0) throw new UnknownSdkTextError(file, "It has no operations.");
  const unwanted = new Set(operations.filter((name) => !words.has(name)));
  const kept = new Set([...methods.keys()].filter((name) => !unwanted.has(name)));
  // The iteration of a set also visits elements that are added during it.
  for (const name of kept) {
    for (const called of membersOf(file, "this", methods.get(name))) {
      if (methods.has(called)) kept.add(called);
    }
  }
  const dropped = [...methods].filter(([name]) => !kept.has(name));
  const pruned = replaceParts(
    text,
    dropped.map(([, node]) => ({ node, by: "" })),
  );
  return { text: pruned, models: membersOf(file, MODELS, parseSdk(file, pruned)) };
}

/** The barrel is pruned to the models used through its variable, so it must not be loaded elsewhere. */
function assertLoadsModels(file: string, program: Program): void {
  const { body } = program;
  let loads = 0;
  full(program, (node) => {
    if (requiredBy(node) === BARREL) loads += 1;
  });
  const named = body.some(
    (node) =>
      node.type === "VariableDeclaration" &&
      node.declarations.some(
        ({ id, init }) =>
          id.type === "Identifier" &&
          id.name === MODELS &&
          requiredBy(argumentsOf(init, ["__importStar"])?.[0]) === BARREL,
      ),
  );
  const exported = body.some(
    (node) =>
      node.type === "ExpressionStatement" &&
      requiredBy(argumentsOf(node.expression, ["__exportStar"])?.[0]) === BARREL,
  );
  if (named && exported && loads === 2) return;
  throw new UnknownSdkTextError(
    file,
    `It does not just load ${BARREL} as ${MODELS} and export it.`,
  );
}

/** Operations come in pairs: one with options, which calls the API, and one without, which calls that. */
function isOperation(
  file: string,
  name: string,
  methods: ReadonlyMap<string, MethodDefinition>,
): boolean {
  const method = methods.get(name);
  if (method === undefined || !method.value.async) return false;
  const calls = membersOf(file, "this", method);
  const isOne = name.endsWith(WITH_OPTIONS)
    ? calls.has("callApi") && methods.has(name.slice(0, -WITH_OPTIONS.length))
    : calls.has(`${name}${WITH_OPTIONS}`) && methods.has(`${name}${WITH_OPTIONS}`);
  if (isOne) return true;
  throw new UnknownSdkTextError(
    file,
    `Its method ${name} is not one of a pair that calls the API.`,
  );
}

/** The members of an object that a part of the text uses. */
function membersOf(file: string, object: string, part: Node | undefined): ReadonlySet<string> {
  const names = new Set<string>();
  if (part === undefined) return names;
  fullAncestor(part, (visited, _state, ancestors) => {
    const node = typed(visited);
    const name = node.type === "ThisExpression" ? "this" : node.type === "Identifier" && node.name;
    if (name !== object) return;
    const parent = ancestors.at(-2);
    const user = parent === undefined ? undefined : typed(parent);
    if (user?.type === "VariableDeclarator" && user.id === node) return;
    if (user?.type !== "MemberExpression" || user.computed || user.property.type !== "Identifier") {
      throw new UnknownSdkTextError(file, `It uses ${object} other than to name a member of it.`);
    }
    names.add(user.property.name);
  });
  return names;
}
