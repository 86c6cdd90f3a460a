import { constants, type Dirent } from "node:fs";
import { type FileHandle, open, readdir } from "node:fs/promises";
import { join } from "node:path";

import { errorCode } from "../text/error-code.ts";

/** Why a file cannot be read, beside the codes of the system. */
const NOT_REGULAR = "not a regular file";

/** A folder, or a file in it, could not be read. */
export class FileReadError extends Error {
  override readonly name = "FileReadError";
  /** The code of a system error such as `EACCES`; else a few words. */
  readonly reason: string;
  /** The path of the folder or the file. */
  readonly path: string;

  constructor(path: string, error: unknown) {
    const reason = typeof error === "string" ? error : (errorCode(error) ?? "unknown error");
    super(`${path}: ${reason}`, { cause: error });
    this.path = path;
    this.reason = reason;
  }
}

/** Reads the files of a folder and the folders in it, follows no links, and changes nothing. */
export class FileReader {
  readonly #folder: string;

  /** @param folder - absolute, or relative to the working directory */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Lists the names of all files, with slashes, in the order of their UTF-16 code units. Links and other
   * special files are among them: they can be seen, and not read.
   *
   * @throws {@link FileReadError} when a folder cannot be read
   */
  async list(): Promise<string[]> {
    const names: string[] = [];
    const open = [""];
    for (let below = open.pop(); below !== undefined; below = open.pop()) {
      for (const entry of await this.#entriesOf(below)) {
        const name = `${below}${entry.name}`;
        if (entry.isDirectory()) open.push(`${name}/`);
        else names.push(name);
      }
    }
    return names.toSorted();
  }

  async #entriesOf(below: string): Promise<Dirent[]> {
    const path = join(this.#folder, below);
    try {
      return await readdir(path, { withFileTypes: true });
    } catch (error) {
      throw new FileReadError(path, error);
    }
  }

  /**
   * Reads a file.
   *
   * @param maxBytes - more of them are an error
   * @returns null if there is none
   * @throws {@link FileReadError} when it cannot be read, or is a link or another special file
   */
  async read(name: string, maxBytes: number): Promise<Buffer | null> {
    const path = join(this.#folder, name);
    let file: FileHandle;
    try {
      // Opening a pipe would otherwise wait for a writer.
      file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    } catch (error) {
      const code = errorCode(error);
      if (code === "ENOENT" || code === "ENOTDIR") return null;
      throw new FileReadError(path, code === "ELOOP" || code === "ENXIO" ? NOT_REGULAR : error);
    }
    try {
      const status = await file.stat();
      if (!status.isFile()) throw new FileReadError(path, NOT_REGULAR);
      if (status.size > maxBytes) throw new FileReadError(path, "too large");
      return await file.readFile();
    } catch (error) {
      throw error instanceof FileReadError ? error : new FileReadError(path, error);
    } finally {
      await file.close();
    }
  }
}
