import { posix } from "node:path";

import { LAYERS, layerOf } from "./layers.ts";
import type { SourceFiles } from "./source-files.ts";

/** Which files a file imports, types included; both from the repository's root. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** @returns the path from the repository's root, or null for a package or one of Node's modules */
export function resolveImport(file: string, specifier: string): string | null {
  if (!/^\.\.?(?:\/|$)/.test(specifier)) return null;
  return posix.join(posix.dirname(file), specifier);
}

/** Finds which files import which. */
export function importGraph(files: SourceFiles): ImportGraph {
  const graph = new Map<string, string[]>();
  for (const [file, { imports }] of files) {
    const targets = imports.flatMap(
      ({ specifier }) => (specifier !== null && resolveImport(file, specifier)) || [],
    );
    graph.set(file, [...new Set(targets)]);
  }
  return graph;
}

/**
 * Finds files that import each other, directly or by way of others.
 *
 * @returns cycles as paths that end where they begin: the shortest of each file that is in none yet
 */
export function cyclesOf(graph: ImportGraph): string[][] {
  const cycles: string[][] = [];
  const inCycle = new Set<string>();
  for (const file of graph.keys()) {
    if (inCycle.has(file)) continue;
    const cycle = shortestCycle(graph, file);
    if (cycle === null) continue;
    cycles.push(cycle);
    for (const member of cycle) inCycle.add(member);
  }
  return cycles;
}

/** Searches in breadth for the way back to a file. */
function shortestCycle(graph: ImportGraph, start: string): string[] | null {
  const importers = new Map<string, string>();
  const queue = [start];
  for (const file of queue) {
    for (const target of graph.get(file) ?? []) {
      if (target === start) return pathTo(file, importers, [start]);
      if (importers.has(target)) continue;
      importers.set(target, file);
      queue.push(target);
    }
  }
  return null;
}

function pathTo(file: string, importers: ReadonlyMap<string, string>, end: string[]): string[] {
  const importer = importers.get(file);
  const path = [file, ...end];
  return importer === undefined ? path : pathTo(importer, importers, path);
}

/**
 * Finds which layers import which, in the table's order.
 *
 * @returns the folders that each layer's files import, itself left out
 */
export function layerGraph(graph: ImportGraph): ImportGraph {
  const folders = LAYERS.map(({ folder }) => folder);
  const found = new Map(folders.map((folder) => [folder, new Set<string>()]));
  for (const [file, targets] of graph) {
    const from = layerOf(file)?.folder;
    for (const target of targets) {
      const to = layerOf(target)?.folder;
      if (from !== undefined && to !== undefined && from !== to) found.get(from)?.add(to);
    }
  }
  return new Map(
    folders.map((folder) => [folder, folders.filter((other) => found.get(folder)?.has(other))]),
  );
}
