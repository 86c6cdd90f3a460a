import { isBuiltin } from "node:module";

import { resolveImport } from "./import-graph.ts";
import { allows, type Layer, layerOf } from "./layers.ts";
import type { Import, SourceText } from "./read-source.ts";

/**
 * Finds where a file breaks its layer's walls, in ways of which the linter sees a part only: imports
 * by `import()` and in types, and what hides a name from the linter.
 *
 * @param file - from the repository's root
 * @returns sentences, each with file and line
 */
export function breachesOf(file: string, source: SourceText): string[] {
  const layer = layerOf(file);
  if (layer === undefined)
    return [`${file}: belongs to no layer of scripts/architecture/layers.ts`];

  const { imports, ambientNames, environmentLines, directiveLines } = source;
  const breaches = imports.flatMap((found) => {
    const problem = problemOfImport(file, layer, found);
    return problem === null ? [] : [`${file}:${found.line}: ${problem}`];
  });
  for (const line of directiveLines) {
    breaches.push(`${file}:${line}: a comment switches a check off, or loads types by path`);
  }
  if (layer.access === "process" && !readsEnvironment(layer, file)) {
    for (const line of environmentLines) breaches.push(`${file}:${line}: reads process.env`);
  }
  if (layer.access !== "process") {
    for (const { name, line } of ambientNames.filter((ambient) => isGlobal(ambient.name))) {
      breaches.push(`${file}:${line}: declares the global ${name}, which hides it from the linter`);
    }
  }
  return breaches;
}

/** Whether Node has a global of that name, or CommonJS; the build gives other names their value. */
function isGlobal(name: string): boolean {
  return name in globalThis || name === "require" || name === "module";
}

function readsEnvironment({ readsEnvironment: patterns = [] }: Layer, file: string): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith("/**") ? file.startsWith(pattern.slice(0, -2)) : file === pattern,
  );
}

function problemOfImport(file: string, layer: Layer, { specifier }: Import): string | null {
  if (specifier === null) {
    return layer.access === "process" ? null : "imports a module whose name is not written out";
  }
  const target = resolveImport(file, specifier);
  if (target !== null) {
    const folder = layerOf(target)?.folder;
    if (folder === layer.folder) return null;
    if (folder !== undefined && layer.imports.includes(folder)) return null;
    return `${layer.folder} does not import ${folder ?? target}`;
  }
  const name = specifier.replace(/^node:/, "");
  if (isBuiltin(specifier)) {
    return allows(layer.builtins, name) ? null : `${layer.folder} does not import node:${name}`;
  }
  const packageName = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  return allows(layer.packages, packageName)
    ? null
    : `${layer.folder} does not import the package ${packageName}`;
}
