import type { Identifier, Node, VariableDeclarator } from "acorn";
import { full, fullAncestor } from "acorn-walk";

import { argumentsOf, parseSdk, replaceParts, requiredBy, typed } from "./parse-sdk.ts";
import { UnknownSdkTextError } from "./unknown-sdk-text-error.ts";

/** The functions in which TypeScript wraps a `require` for an `import`. */
const INTEROP = ["__importDefault", "__importStar"] as const;

/**
 * Makes a file require packages on first use instead of when it is loaded:
 * `var moment_1 = require("moment")` becomes an object with a getter `value` that requires the
 * package, and every use of `moment_1` becomes `moment_1.value`. Aliases, as in `$Moment = moment_1`,
 * are treated the same.
 *
 * @param file - the name of the text in errors
 * @param packages - the packages to defer
 * @throws {@link UnknownSdkTextError} when one is not required exactly once, into a variable of its
 *   own at the top of the file
 */
export function deferRequires(file: string, text: string, packages: readonly string[]): string {
  const program = parseSdk(file, text);
  const deferred = new Map<string, VariableDeclarator & { readonly init: Node }>();
  const aliases = new Map<string, VariableDeclarator>();
  const found: string[] = [];
  for (const statement of program.body) {
    if (statement.type !== "VariableDeclaration") continue;
    for (const declarator of statement.declarations) {
      const { id, init } = declarator;
      if (id.type === "Identifier" && init?.type === "Identifier" && deferred.has(init.name)) {
        aliases.set(id.name, declarator);
      }
      const name = requiredBy(argumentsOf(init, INTEROP)?.[0] ?? init);
      if (name === null || !packages.includes(name) || id.type !== "Identifier" || !init) continue;
      deferred.set(id.name, { ...declarator, init });
      found.push(name);
    }
  }
  assertAllRequiredOnce(file, program, packages, found);
  const uses = usesOf(file, program, new Map([...deferred, ...aliases]));
  return replaceParts(text, [
    ...[...deferred.values()].map(({ init }) => ({ node: init, by: lazyRequire(text, init) })),
    ...uses.map((node) => ({ node, by: `${node.name}.value` })),
  ]);
}

function lazyRequire(text: string, { start, end }: Node): string {
  return `{ get value() { var value = ${text.slice(start, end)}; Object.defineProperty(this, "value", { value: value }); return value; } }`;
}

function assertAllRequiredOnce(
  file: string,
  program: Node,
  packages: readonly string[],
  found: readonly string[],
): void {
  const required: string[] = [];
  full(program, (node) => {
    const name = requiredBy(node);
    if (name !== null && packages.includes(name)) required.push(name);
  });
  for (const name of packages) {
    const [anywhere, understood] = [required, found].map(
      (list) => list.filter((other) => other === name).length,
    );
    if (anywhere !== 1 || understood !== 1) {
      throw new UnknownSdkTextError(
        file,
        `It does not require ${name} once, into a variable at its top.`,
      );
    }
  }
}

/** All uses of the variables. Scopes are not analysed, so a name that is bound again is an error. */
function usesOf(
  file: string,
  program: Node,
  variables: ReadonlyMap<string, VariableDeclarator>,
): readonly Identifier[] {
  const uses = new Set<Identifier>();
  fullAncestor(program, (visited, _state, ancestors, role) => {
    const node = typed(visited);
    if (node.type !== "Identifier") return;
    const declarator = variables.get(node.name);
    if (declarator === undefined || node === declarator.id) return;
    // The initialiser of an alias copies the object and must not trigger the getter.
    if ([...variables.values()].some(({ init }) => init === node)) return;
    const parent = ancestors.at(-2);
    const user = parent === undefined ? undefined : typed(parent);
    if (role === "VariablePattern" || (user?.type === "Property" && user.shorthand)) {
      throw new UnknownSdkTextError(file, `It binds ${node.name} a second time.`);
    }
    uses.add(node);
  });
  return [...uses];
}
