import { EvidenceError } from "../audit/run-error.ts";
import { createFile } from "../storage/create-file.ts";
import { makeFolders, syncFolders } from "../storage/folders.ts";
import { errorCode } from "../text/error-code.ts";
import type { EvidenceStore } from "./evidence-store.ts";

/** Readable by all that the process's umask lets, and not to be changed by accident. */
const MODE = 0o444;

/** Evidence as files below a folder, which is created with the first of them. */
export class FileEvidence implements EvidenceStore {
  readonly name: string;
  readonly #folder: string;

  /**
   * @param name - see {@link EvidenceStore.name}
   * @param folder - absolute, or relative to the working directory
   */
  constructor(name: string, folder: string) {
    this.name = name;
    this.#folder = folder;
  }

  async create(name: string, text: string): Promise<boolean> {
    try {
      await makeFolders(this.#folder, name);
      const isNew = await createFile({ folder: this.#folder, name, text, mode: MODE });
      await syncFolders(this.#folder, name);
      return isNew;
    } catch (error) {
      const code = errorCode(error) ?? "unknown";
      throw new EvidenceError(
        `The evidence cannot be written in ${this.#folder} (${code}). Check who owns the folder and its files, and the room on the disk.`,
        { cause: error },
      );
    }
  }
}
