import type { OwnCode } from "./own-code.ts";

/** Packages of which a process must have one copy: the SDK, whose functions our code replaces. */
export const SDK_PACKAGE = /^@(?:alicloud|darabonba)\//;

/** Which of an entry's own modules are beside its bundle, and what they use of the bundle. */
export interface SideFilePlan {
  /** Modules that get a file of their own, by their paths. */
  readonly files: ReadonlySet<string>;
  /** Modules, and packages of the SDK, that the bundle holds and side files import. */
  readonly shared: ReadonlySet<string>;
}

/**
 * Decides which modules become side files: those that `import()` loads, and those that several of them
 * consist of, so that no module is there twice. A module that only one of them uses is part of it.
 *
 * @param modules - the entry's own modules
 * @param entry - the entry's path
 * @throws `Error` when a module that `import()` loads is also imported by the bundle, which would then
 *   hold it at every cold start
 */
export function planSideFiles(modules: OwnCode["modules"], entry: string): SideFilePlan {
  const inBundle = closureOf(modules, entry);
  const roots = loadedOnFirstUse(modules);
  for (const [path, importer] of roots) {
    if (!inBundle.has(path)) continue;
    const others = [...inBundle].filter((other) => staticImportsOf(modules, other).includes(path));
    throw new Error(
      `${path} is loaded on first use by ${importer}, but ${others.join(", ")} imports it too, which puts it into the bundle: use import() there as well, or an import in both.`,
    );
  }
  const files = new Set(roots.keys());
  const seen = new Set<string>();
  for (const root of roots.keys()) {
    for (const path of closureOf(modules, root)) {
      if (inBundle.has(path)) continue;
      if (seen.has(path)) files.add(path);
      seen.add(path);
    }
  }
  const imported = new Set([...seen].flatMap((path) => staticImportsOf(modules, path)));
  const packages = new Set([...inBundle].flatMap((path) => packagesOf(modules, path)));
  const ofSdk = [...seen]
    .flatMap((path) => packagesOf(modules, path))
    .filter((name) => SDK_PACKAGE.test(name) && packages.has(name));
  return {
    files,
    shared: new Set([...[...imported].filter((path) => inBundle.has(path)), ...ofSdk]),
  };
}

/** The modules that `import()` loads, and one that loads each. */
function loadedOnFirstUse(modules: OwnCode["modules"]): ReadonlyMap<string, string> {
  const roots = new Map<string, string>();
  for (const [importer, { imports }] of Object.entries(modules)) {
    for (const { path, kind, external } of imports) {
      if (kind === "dynamic-import" && external !== true) roots.set(path, importer);
    }
  }
  return roots;
}

/** The module and all that it imports, directly or not, other than by `import()`. */
function closureOf(modules: OwnCode["modules"], path: string): ReadonlySet<string> {
  const closure = new Set([path]);
  // The iteration of a set also visits elements that are added during it.
  for (const one of closure) for (const other of staticImportsOf(modules, one)) closure.add(other);
  return closure;
}

function staticImportsOf(modules: OwnCode["modules"], path: string): readonly string[] {
  return (modules[path]?.imports ?? [])
    .filter(({ kind, external }) => kind === "import-statement" && external !== true)
    .map((imported) => imported.path);
}

function packagesOf(modules: OwnCode["modules"], path: string): readonly string[] {
  return (modules[path]?.imports ?? [])
    .filter(({ external }) => external === true)
    .map((imported) => imported.path);
}
