import type { WriteStream } from "node:tty";

import { OutputError } from "../../shared/audit/run-error.ts";
import type { Environment } from "../../shared/program/environment.ts";
import { errorCode } from "../../shared/text/error-code.ts";

/** A stream that the command line writes to: a terminal, a pipe or a file. */
export type Output = NodeJS.WritableStream &
  Partial<Pick<WriteStream, "isTTY" | "hasColors" | "columns">>;

/** What the command line gets from its process. */
export interface CliRuntime {
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
 * Writes, and waits until the text is handed to the system. That the reader closed the pipe (EPIPE)
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
 * Writes a message to stderr. That it cannot be written is ignored: there is nowhere else to report
 * it, and the exit code is about the run.
 */
export async function writeStderr({ stderr }: CliRuntime, text: string): Promise<void> {
  await write(stderr, text).catch(() => {});
}

/** Writes lines to stderr, each under the name of the program, as {@link writeStderr} does. */
export async function writeNotes(runtime: CliRuntime, lines: readonly string[]): Promise<void> {
  await writeStderr(runtime, lines.map((line) => `flowlog-guard: ${line}\n`).join(""));
}

/**
 * Whether to write colours to a stream: to a terminal that has them, unless the user decides with
 * NO_COLOR or FORCE_COLOR.
 *
 * @see https://no-color.org and https://force-color.org
 */
export function showsColors(stream: Output, env: Environment): boolean {
  if (env["NO_COLOR"]) return false;
  if (env["FORCE_COLOR"]) return env["FORCE_COLOR"] !== "0";
  return stream.isTTY === true && stream.hasColors?.() === true;
}

/** The width of a terminal, in characters; null for a pipe, a file, and a terminal that does not tell. */
export function widthOf(stream: Output): number | null {
  return stream.isTTY === true ? stream.columns || null : null;
}
