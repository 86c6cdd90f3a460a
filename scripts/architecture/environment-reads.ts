import { type parseSync, Visitor } from "rolldown/utils";

type Program = ReturnType<typeof parseSync>["program"];

/** The names that a module is imported by, whole; and where its `env` is imported or exported alone. */
interface ProcessImports {
  readonly names: ReadonlySet<string>;
  readonly envStarts: readonly number[];
}

/**
 * Finds where a file takes `env` from the process, be it the global or an imported one, which the
 * linter takes for another thing.
 *
 * @returns offsets in the text
 */
export function environmentReads(program: Program): number[] {
  const { names, envStarts } = processImports(program);
  const starts = [...envStarts];
  new Visitor({
    MemberExpression: ({ object, property, start }) => {
      if (object.type !== "Identifier" || !names.has(object.name)) return;
      if (nameOf(property) === "env") starts.push(start);
    },
    VariableDeclarator: ({ id, init, start }) => {
      if (id.type !== "ObjectPattern" || init?.type !== "Identifier") return;
      if (!names.has(init.name)) return;
      const takesEnv = id.properties.some(
        (property) => property.type === "RestElement" || nameOf(property.key) === "env",
      );
      if (takesEnv) starts.push(start);
    },
  }).visit(program);
  return starts;
}

function processImports({ body }: Program): ProcessImports {
  const names = new Set(["process"]);
  const envStarts: number[] = [];
  for (const statement of body) {
    if (!("source" in statement) || !/^(?:node:)?process$/.test(statement.source?.value ?? "")) {
      continue;
    }
    // It passes all of the process on.
    if (statement.type === "ExportAllDeclaration") envStarts.push(statement.start);
    if (statement.type === "ExportNamedDeclaration") {
      const passed = statement.specifiers.filter(({ local }) =>
        ["env", "default"].includes(String(nameOf(local))),
      );
      envStarts.push(...passed.map(({ start }) => start));
    }
    if (statement.type !== "ImportDeclaration") continue;
    for (const specifier of statement.specifiers) {
      if (specifier.type !== "ImportSpecifier") names.add(specifier.local.name);
      else if (nameOf(specifier.imported) === "default") names.add(specifier.local.name);
      else if (nameOf(specifier.imported) === "env") envStarts.push(specifier.start);
    }
  }
  return { names, envStarts };
}

/** The name of a property or of an import, written as a name or as text. */
function nameOf(key: object): unknown {
  if ("name" in key) return key.name;
  return "value" in key ? key.value : undefined;
}
