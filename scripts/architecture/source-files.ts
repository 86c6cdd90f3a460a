import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { readSource, type SourceText } from "./read-source.ts";

/** What the repository's own files say, by path from its root. */
export type SourceFiles = ReadonlyMap<string, SourceText>;

const FOLDERS = ["functions", "shared", "deploy", "scripts", "test"];

/** TypeScript or JavaScript, of whatever kind of module. */
const CODE = /\.[cm]?[jt]sx?$/;

/** Reads the code of a repository, sorted by path: in its folders, and at its root. */
export async function readSourceFiles(root: string): Promise<SourceFiles> {
  const lists = await Promise.all(
    FOLDERS.map(async (folder) => {
      const names = await readdir(join(root, folder), { recursive: true });
      return names.map((name) => `${folder}/${name}`);
    }),
  );
  const files = [...(await readdir(root)), ...lists.flat()].filter((file) => CODE.test(file));
  return new Map(
    await Promise.all(
      files
        .toSorted()
        .map(async (file): Promise<[string, SourceText]> => [
          file,
          readSource(file, await readFile(join(root, file), "utf8")),
        ]),
    ),
  );
}
