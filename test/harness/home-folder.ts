import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A temporary home folder. */
export interface HomeFolder extends AsyncDisposable {
  readonly path: string;
  /** The content of a file in it. */
  read(name: string): Promise<string>;
}

export const CLI_CONFIG = ".aliyun/config.json";

/**
 * Makes a home folder.
 *
 * @param files - by their names; a value that is not text is written as JSON
 */
export async function homeFolder(
  files: Readonly<Record<string, unknown>> = {},
): Promise<HomeFolder> {
  const path = await mkdtemp(join(tmpdir(), "flowlog-guard-home-"));
  for (const [name, content] of Object.entries(files)) {
    const file = join(path, name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content, null, 1));
  }
  return {
    path,
    read: (name) => readFile(join(path, name), "utf8"),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true }),
  };
}
