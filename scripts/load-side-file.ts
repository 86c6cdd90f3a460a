/** What a side file exports: it makes the module, once it knows the bundle. */
export type MakeModule = (bundle: LoadingBundle) => unknown;

/** The bundle, as its side files know it. */
export interface LoadingBundle {
  /** The modules of the bundle that side files import, by their paths. */
  readonly modules: Readonly<Record<string, unknown>>;
  readonly loadSideFile: typeof loadSideFile;
}

const modules: Record<string, unknown> = {};
const made = new Map<MakeModule, unknown>();

/** Offers modules of this bundle to its side files. */
export function shareModules(more: Readonly<Record<string, unknown>>): void {
  Object.assign(modules, more);
}

/**
 * Makes the module of a side file on first use. It gets this bundle's own modules instead of copies, so
 * that a class or a setting is the same on both sides.
 */
export function loadSideFile(make: MakeModule): unknown {
  if (!made.has(make)) made.set(make, make({ modules, loadSideFile }));
  return made.get(make);
}
