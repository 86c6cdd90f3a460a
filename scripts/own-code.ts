import { build, type Metafile } from "esbuild";

/** An entry's own code, without packages. */
export interface OwnCode {
  /**
   * All identifiers and words: a superset of the names that the code uses of a package, provided that it
   * does not compose names. Types and comments are removed first, so that an operation mentioned there
   * does not count.
   */
  readonly words: ReadonlySet<string>;
  /** The modules by their paths relative to the package's folder, with what each imports. */
  readonly modules: Metafile["inputs"];
}

/** Reads the code that an entry consists of. */
export async function readOwnCode(root: string, entryPoint: string): Promise<OwnCode> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entryPoint],
    bundle: true,
    packages: "external",
    platform: "node",
    format: "cjs",
    minifyWhitespace: true,
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const words = new Set(
    outputFiles.flatMap(({ text }) => text.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? []),
  );
  return { words, modules: metafile.inputs };
}
