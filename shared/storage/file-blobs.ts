import { constants } from "node:fs";
import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";

import { StateError } from "../audit/run-error.ts";
import { errorCode } from "../text/error-code.ts";
import type { AgedText, BlobStore } from "./blob-store.ts";
import { createFile } from "./create-file.ts";
import { statNewFile, removeLeftovers, withTemporaryFile } from "./temporary-file.ts";

/** Readable and writable by the owner only. */
const MODE = 0o600;
/** The coarsest resolution of file times, in milliseconds. */
const MAX_ROUNDING_MS = 2_000;

/** Texts as files in an existing folder. */
export class FileBlobs implements BlobStore {
  readonly #folder: string;
  readonly #called: string;
  #swept = false;

  /**
   * @param folder - absolute, or relative to the working directory
   * @param called - what the texts are, for messages
   */
  constructor(folder: string, called = "state") {
    this.#folder = folder;
    this.#called = called;
  }

  async read(name: string): Promise<string | null> {
    return this.#ifThere(name, async (file) => file.readFile("utf8"));
  }

  async readAged(name: string): Promise<AgedText | null> {
    return this.#ifThere(name, async (file) => {
      // The time of a new file, because a file server's clock can differ from this machine's.
      const { mtimeMs: nowMs } = await statNewFile(this.#folder);
      const { mtimeMs } = await file.stat();
      const text = await file.readFile("utf8");
      const ageMs = nowMs - mtimeMs;
      if (ageMs >= -MAX_ROUNDING_MS) return { text, ageMs };
      // The file is from the future: the clock was set back. Its age starts now, for all readers. If
      // its time cannot be changed, the age starts when the clock has caught up.
      await file.utimes(nowMs / 1_000, nowMs / 1_000).catch(() => {});
      return { text, ageMs: 0 };
    });
  }

  /** @returns null when there is no such file */
  async #ifThere<T>(name: string, use: (file: FileHandle) => Promise<T>): Promise<T | null> {
    return this.#attempt("read", async () => {
      try {
        return await withRegularFile(join(this.#folder, name), this.#called, use);
      } catch (error) {
        if (errorCode(error) !== "ENOENT") throw error;
        // If the folder is missing, a later write would fail too, so the error is raised now.
        await stat(this.#folder);
        return null;
      }
    });
  }

  async write(name: string, text: string): Promise<void> {
    await this.#attempt("write", () =>
      withTemporaryFile(this.#folder, text, MODE, (written) =>
        rename(written, join(this.#folder, name)),
      ),
    );
    if (this.#swept) return;
    this.#swept = true;
    await removeLeftovers(this.#folder);
  }

  async create(name: string, text: string): Promise<boolean> {
    return this.#attempt("write", () =>
      createFile({ folder: this.#folder, name, text, mode: MODE }),
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
      const code = errorCode(error) ?? "unknown";
      const called = this.#called;
      throw new StateError(
        "UNAVAILABLE",
        code === "ENOENT" || code === "ENOTDIR"
          ? `The folder ${this.#folder}, where the ${called} is kept, does not exist. Create it, or correct the ${called}'s path.`
          : `The ${called} cannot be ${PAST[what]} in ${this.#folder} (${code}). Check who owns the folder and its files, and the room on the disk.`,
        { cause: error },
      );
    }
  }
}

/**
 * Opens a regular file. Other kinds are refused: reading a pipe blocks until something is written to
 * it, and a later write would replace a device by a file.
 */
async function withRegularFile<T>(
  path: string,
  called: string,
  use: (file: FileHandle) => Promise<T>,
): Promise<T> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if ((await file.stat()).isFile()) return await use(file);
  } finally {
    await file.close();
  }
  throw new StateError(
    "UNAVAILABLE",
    `${path}, where the ${called} is kept, is no file. Correct the ${called}'s path.`,
  );
}

const PAST = { read: "read", write: "written", remove: "removed" } as const;
