import type { WriteStream } from "node:tty";

import { OutputError } from "../../shared/audit/run-error.ts";
import type { Environment } from "../../shared/program/environment.ts";
import { errorCode } from "../../shared/text/error-code.ts";

/** A stream that the command line writes to: a terminal, a pipe or a file. */
export type Output = NodeJS.WritableStream &
  Partial<Pick<WriteStream, "isTTY" | "hasColors" | "columns">>;

/** What the command line knows of the world around it. */
export interface World {
  /** The arguments after the program's name. */
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly clock: () => Date;
  /** Resolves when the process is asked to stop. Until it is called, a signal ends the process. */
  readonly stopRequested: () => Promise<void>;
}

/**
 * Writes, and waits until the text is on its way. A reader that has seen enough and closed the pipe
 * is no error.
 *
 * @throws {@link OutputError} when the text could not be written
 */
export async function write(stream: Output, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stream.write(text, (error) => {
      const code = errorCode(error);
      if (code === null || code === "EPIPE") resolve();
      else reject(new OutputError(`The output could not be written (${code}).`, { cause: error }));
    });
  });
}

/**
 * Tells a person on stderr. Where that cannot be written nobody is left to be told, and the exit
 * code must say no more than what became of the run.
 */
export async function tell({ stderr }: World, text: string): Promise<void> {
  await write(stderr, text).catch(() => {});
}

/**
 * Whether a stream is to get colours: a terminal that has them, unless the user says otherwise.
 *
 * @see https://no-color.org and https://force-color.org
 */
export function showsColors(stream: Output, env: Environment): boolean {
  if (env["NO_COLOR"]) return false;
  if (env["FORCE_COLOR"]) return env["FORCE_COLOR"] !== "0";
  return stream.isTTY === true && stream.hasColors?.() === true;
}
