import { readlinkSync, writeFile } from "node:fs";
import { dirname, isAbsolute } from "node:path";

/** What a system calls this process's own open files: the number is that of the descriptor. */
const DESCRIPTOR = /^\/(?:dev|proc\/self)\/fd\/(\d+)$/;
/** More links are a circle. */
const MAX_LINKS = 40;

/** The descriptor that a path leads to, as `/dev/stdout` does; null for any other path. */
export function descriptorAt(path: string): number | null {
  let file = path;
  for (let links = 0; links < MAX_LINKS; links += 1) {
    const [, number] = DESCRIPTOR.exec(file) ?? [];
    if (number !== undefined) return Number(number);
    try {
      const target = readlinkSync(file);
      file = isAbsolute(target) ? target : `${dirname(file)}/${target}`;
    } catch {
      return null;
    }
  }
  return null;
}

/**
 * Writes a text where an open file has got to. Opened anew by its path, the file would be cut, and what the
 * descriptor writes next would overwrite the text.
 *
 * @throws a system error when it cannot be written
 */
export async function writeToDescriptor(descriptor: number, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    writeFile(descriptor, text, (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}
