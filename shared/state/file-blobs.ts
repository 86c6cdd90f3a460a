import { constants } from "node:fs";
import { link, open, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";

import { StateError } from "../audit/run-error.ts";
import { withFileBeside } from "../file-beside.ts";
import type { BlobStore } from "./blob-store.ts";

/** For the eyes of the user who runs this only. */
const MODE = 0o600;

/** Texts as files in a folder, which has to exist. */
export class FileBlobs implements BlobStore {
  readonly #folder: string;

  /** @param folder - absolute, or relative to the folder that the process was started in */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(name: string): Promise<string | null> {
    return this.#attempt("read", async () => {
      try {
        return await readRegularFile(join(this.#folder, name));
      } catch (error) {
        if (codeOf(error) !== "ENOENT") throw error;
        // Without the folder nothing could be written either: better said before than after.
        await stat(this.#folder);
        return null;
      }
    });
  }

  async write(name: string, text: string): Promise<void> {
    await this.#attempt("write", () =>
      withFileBeside(this.#folder, text, MODE, (written) =>
        rename(written, join(this.#folder, name)),
      ),
    );
  }

  async create(name: string, text: string): Promise<boolean> {
    return this.#attempt("write", () =>
      withFileBeside(this.#folder, text, MODE, async (written) => {
        try {
          // Unlike a file that is opened for the first time, a link appears with all of its text.
          await link(written, join(this.#folder, name));
          return true;
        } catch (error) {
          if (codeOf(error) === "EEXIST") return false;
          throw error;
        }
      }),
    );
  }

  async remove(name: string): Promise<void> {
    await this.#attempt("remove", () => rm(join(this.#folder, name), { force: true }));
  }

  async #attempt<T>(what: "read" | "write" | "remove", act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (error instanceof StateError) throw error;
      const code = codeOf(error);
      throw new StateError(
        "UNAVAILABLE",
        code === "ENOENT" || code === "ENOTDIR"
          ? `The folder ${this.#folder}, where the state is kept, does not exist. Create it, or correct the state's path.`
          : `The state cannot be ${PAST[what]} in ${this.#folder} (${code}). Check who owns the folder and its files, and the room on the disk.`,
        { cause: error },
      );
    }
  }
}

/**
 * Reads a file, and nothing else: to read a pipe takes until somebody writes to it, and what is
 * written would take the place of a device.
 */
async function readRegularFile(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if ((await file.stat()).isFile()) return await file.readFile("utf8");
  } finally {
    await file.close();
  }
  throw new StateError(
    "UNAVAILABLE",
    `${path}, where the state is kept, is no file. Correct the state's path.`,
  );
}

const PAST = { read: "read", write: "written", remove: "removed" } as const;

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
