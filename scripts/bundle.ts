import { fileURLToPath } from "node:url";

import { build, type BuildOptions, type Metafile } from "esbuild";

import { readOwnCode } from "./own-code.ts";
import { ownSideFiles } from "./own-side-files.ts";
import { packageFields } from "./package-fields.ts";
import { movePackages, packageUrl } from "./package-side-files.ts";
import { planSideFiles } from "./plan-side-files.ts";
import { smallSdk } from "./sdk/small-sdk.ts";
import type { OnBuilt } from "./side-files.ts";

/** The package's folder. Paths in a build are relative to it. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The esbuild options of every bundle. */
export const BUNDLE_OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: "node",
  target: "node20",
  // The SDK's packages fail at run time in an ES module bundle.
  format: "cjs",
  // Turns `import()` into `require()`, because side files are CommonJS too.
  supported: { "dynamic-import": false },
  // Optional dependency of ali-oss, which works without it.
  external: ["proxy-agent"],
  // Text of one byte a character is parsed faster, although Chinese becomes longer.
  charset: "ascii",
  // Halves the text to parse at a cold start, and keeps the names in stack traces. Full minification
  // was slower to load.
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: "warning",
} as const satisfies BuildOptions;

/** The options of one bundle. */
export interface OwnOptions extends BuildOptions {
  /**
   * Whether own code that `import()` loads is moved into side files too, or only waits in the bundle.
   *
   * @default true
   */
  readonly movesOwnCode?: boolean;
  /** Receives what the bundle consists of, and what each of its side files does. */
  readonly onBuilt?: OnBuilt;
}

/**
 * Bundles an entry into a file, and what is loaded on first use into side files beside it.
 *
 * @param options - the entry's own options; they override {@link BUNDLE_OPTIONS}
 * @returns esbuild's description of the inputs and outputs
 */
export async function bundle(
  entryPoint: string,
  outfile: string,
  { plugins = [], movesOwnCode = true, onBuilt = () => {}, ...options }: OwnOptions = {},
): Promise<Metafile> {
  const { words, modules } = await readOwnCode(ROOT, entryPoint);
  const own = movesOwnCode
    ? [ownSideFiles(ROOT, entryPoint, planSideFiles(modules, entryPoint), onBuilt)]
    : [];
  const { metafile } = await build({
    ...BUNDLE_OPTIONS,
    ...options,
    entryPoints: [entryPoint],
    outfile,
    metafile: true,
    plugins: [
      ...plugins,
      packageFields(ROOT),
      packageUrl,
      { name: "packages-on-first-use", setup: (context) => movePackages(context, onBuilt) },
      ...own,
      smallSdk(words, onBuilt),
    ],
  });
  onBuilt(metafile);
  return metafile;
}
