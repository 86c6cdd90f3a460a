import { build } from "esbuild";

/**
 * All identifiers and words in an entry's own code, without packages: a superset of the names that it
 * uses of a package, provided that it does not compose names. Types and comments are removed first, so
 * that an operation mentioned there does not count.
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
