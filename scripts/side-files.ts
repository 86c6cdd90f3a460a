import { dirname, join } from "node:path";

import { build, type Metafile, type Plugin, type PluginBuild } from "esbuild";

/** Folder beside the bundle with a file for each thing that is loaded on first use, so that each is parsed alone. */
export const FOLDER = "lazy";

/** Marks a resolution that this plugin starts itself. */
const RESOLVING = Symbol("resolving");

/** Receives what a build consists of. */
export type OnBuilt = (metafile: Metafile) => void;

/** Where side files are, and how they are built. */
export interface SideFilePlace {
  /** The folder that they are built into. */
  readonly folder: string;
  /** The way from the file that loads them to that folder. */
  readonly from: string;
  /** The plugins of their own build. */
  readonly plugins: readonly Plugin[];
  readonly onBuilt: OnBuilt;
}

/**
 * Moves packages out of the bundle into files beside it, for files that require them on first use.
 * Deferring their execution is not enough, because the whole bundle is parsed at every cold start.
 *
 * @param packages - the packages that at least one file defers
 * @param isDeferred - whether the file `importer` defers the package `name`
 */
export function moveToSideFiles(
  context: PluginBuild,
  packages: readonly string[],
  isDeferred: (name: string, importer: string) => boolean,
  { folder, from, plugins, onBuilt }: SideFilePlace,
): void {
  const { outfile: _bundle, banner: _top, footer: _end, ...options } = context.initialOptions;
  const paths = new Map<string, string>();

  context.onResolve({ filter: new RegExp(`^(?:${packages.join("|")})$`) }, async (args) => {
    const { path: name, importer, kind, resolveDir, pluginData } = args;
    if (pluginData === RESOLVING || !isDeferred(name, importer)) return undefined;
    const { path, errors } = await context.resolve(name, {
      importer,
      kind,
      resolveDir,
      pluginData: RESOLVING,
    });
    if (errors.length > 0) return { errors };
    paths.set(name, path);
    return { path: `${from}${name}.js`, external: true };
  });

  context.onEnd(async ({ errors }) => {
    if (errors.length > 0 || paths.size === 0) return;
    const { metafile } = await build({
      ...options,
      metafile: true,
      plugins: [...plugins],
      entryPoints: Object.fromEntries(paths),
      outdir: folder,
    });
    onBuilt(metafile);
  });
}

/** The place beside a bundle. */
export function besideBundle(context: PluginBuild): Pick<SideFilePlace, "folder" | "from"> {
  const { outfile } = context.initialOptions;
  if (outfile === undefined) throw new Error("The side files lie beside the bundle: set outfile.");
  return { folder: join(dirname(outfile), FOLDER), from: `./${FOLDER}/` };
}
