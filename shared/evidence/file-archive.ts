import { EvidenceError } from "../audit/run-error.ts";
import { FileReadError, FileReader } from "../storage/file-reader.ts";
import type { EvidenceArchive } from "./evidence-archive.ts";
import { maxBytesOf } from "./size-limits.ts";

/**
 * Evidence in a folder. A link in it is listed and never followed: what it points to can change without
 * the folder.
 *
 * @param folder - absolute, or relative to the working directory
 * @param name - the address, to be shown to people
 */
export function fileArchive(folder: string, name: string): EvidenceArchive {
  const reader = new FileReader(folder);
  return {
    name,
    list: async () => reader.list().catch(rethrowAsEvidenceError),
    read: async (file) => reader.read(file, maxBytesOf(file)).catch(rethrowAsEvidenceError),
    lock: async () => null,
  };
}

function rethrowAsEvidenceError(error: unknown): never {
  if (!(error instanceof FileReadError)) throw error;
  const { path, reason } = error;
  throw new EvidenceError(
    reason === "ENOENT" || reason === "ENOTDIR"
      ? `There is no folder ${path}, where evidence is kept. Correct the address of the evidence.`
      : `The evidence cannot be read: ${path} (${reason}). Check who owns it and its folder.`,
    { cause: error },
  );
}
