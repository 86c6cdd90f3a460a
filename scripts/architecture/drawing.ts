import type { ImportGraph } from "./import-graph.ts";

/** Layers that are left out: they import from all sides, or are a single file. */
const LEFT_OUT = ["test", "vitest.config.ts", "scripts", "package.json"];

/**
 * Draws the folders and their imports: a Mermaid chart of the imports that no way through other
 * folders implies, and a table of all.
 *
 * @param graph - which folders import which, top to bottom
 */
export function drawing(graph: ImportGraph): string {
  const shown = new Map(
    [...graph]
      .filter(([folder]) => !LEFT_OUT.includes(folder))
      .map(([folder, targets]) => [folder, targets.filter((to) => !LEFT_OUT.includes(to))]),
  );
  const arrows = [...shown].flatMap(([from, targets]) =>
    targets
      .filter((to) => !targets.some((through) => through !== to && reaches(shown, through, to)))
      .map((to) => `  ${idOf(from)} --> ${idOf(to)}`),
  );
  const nodes = [...shown.keys()].map((folder) => `  ${idOf(folder)}["${nameOf(folder)}"]`);
  const rows = [...shown].map(([folder, targets]) => {
    const imports = targets.map((to) => `\`${nameOf(to)}\``).join(" ");
    return `| \`${nameOf(folder)}\` | ${imports || "nothing"} |`;
  });
  return [
    "```mermaid",
    "graph TD",
    ...nodes,
    ...arrows,
    "```",
    "",
    "| folder | imports |",
    "| --- | --- |",
    ...rows,
  ].join("\n");
}

function reaches(
  graph: ImportGraph,
  from: string,
  to: string,
  passed: ReadonlySet<string> = new Set(),
): boolean {
  const targets = graph.get(from) ?? [];
  const next = targets.filter((target) => !passed.has(target));
  const way = new Set([...passed, from]);
  return targets.includes(to) || next.some((target) => reaches(graph, target, to, way));
}

/** Folders of `shared/` go by their last name; the entries' own files are "functions/*". */
function nameOf(folder: string): string {
  return folder === "functions" ? "functions/*.ts" : folder.replace(/^shared\//, "");
}

function idOf(folder: string): string {
  return folder.replaceAll(/\W/g, "_");
}
