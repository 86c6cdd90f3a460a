import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";

import { errorCode } from "../text/error-code.ts";

/** A reader is started before or with the program. */
const WAIT_MS = 2_000;
const POLL_MS = 100;

/**
 * Opens a pipe that somebody reads: without a reader, opening it to write would wait for ever. As long as
 * the handle is open, the reader waits for what is written.
 *
 * @throws a system error, with the code `ENXIO` when nobody reads it
 */
export async function holdPipe(path: string): Promise<FileHandle> {
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    try {
      return await open(path, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if (errorCode(error) !== "ENXIO" || waitedMs >= WAIT_MS) throw error;
      await setTimeout(POLL_MS);
    }
  }
}
