import { fileURLToPath } from "node:url";

import { build, type BuildOptions, type Metafile, type Plugin } from "esbuild";

import { ownWords } from "./own-words.ts";
import { replaceUrlParse } from "./package-url.ts";
import { smallSdk } from "./sdk/small-sdk.ts";
import { moveToSideFiles } from "./side-files.ts";

/** The folder that paths in a build are relative to: the package's own. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** How every bundle is built, before anything is made small. */
export const BUNDLE_OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: "node",
  target: "node20",
  // The SDK's packages fail at run time in an ES module.
  format: "cjs",
  // What is loaded on first use is required: its side file is no ES module either.
  supported: { "dynamic-import": false },
  // ali-oss looks for it where a proxy is set, and does without.
  external: ["proxy-agent"],
  charset: "utf8",
  // Half the text to parse at a cold start; names stay readable in a stack trace. Full minification
  // loads slower.
  minifyWhitespace: true,
  logLevel: "warning",
} as const satisfies BuildOptions;

const packageUrl: Plugin = { name: "package-url", setup: replaceUrlParse };

/** Large packages of which most runs need nothing: ali-oss is for who keeps a state in OSS. */
const onFirstUse: Plugin = {
  name: "on-first-use",
  setup: (context) => moveToSideFiles(context, ["ali-oss"], () => true),
};

/**
 * Bundles an entry into a file, with side files in a folder beside it that are loaded on first use.
 *
 * @param options - what this entry needs beside {@link BUNDLE_OPTIONS}
 * @returns what is in it
 */
export async function bundle(
  entryPoint: string,
  outfile: string,
  { plugins = [], ...options }: BuildOptions = {},
): Promise<Metafile> {
  const { metafile } = await build({
    ...BUNDLE_OPTIONS,
    ...options,
    entryPoints: [entryPoint],
    outfile,
    metafile: true,
    plugins: [...plugins, packageUrl, onFirstUse, smallSdk(await ownWords(ROOT, entryPoint))],
  });
  return metafile;
}
