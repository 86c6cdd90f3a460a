import { build } from "esbuild";

/**
 * Every word of an entry's own code, packages left out: which of a package's names it can possibly
 * use, as long as it does not put names together. Taken after types and comments are gone, so that
 * to talk about an operation does not count.
 */
export async function ownWords(root: string, entryPoint: string): Promise<ReadonlySet<string>> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entryPoint],
    bundle: true,
    packages: "external",
    platform: "node",
    format: "cjs",
    minifyWhitespace: true,
    write: false,
    logLevel: "silent",
  });
  return new Set(
    outputFiles.flatMap(({ text }) => text.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? []),
  );
}
