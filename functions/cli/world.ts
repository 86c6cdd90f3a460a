import type { WriteStream } from "node:tty";

import type { Environment } from "../../shared/config/placeholders.ts";

/** A stream that the command line writes to: a terminal, a pipe or a file. */
export type Output = NodeJS.WritableStream & Partial<Pick<WriteStream, "isTTY" | "hasColors">>;

/** What the command line knows of the world around it. */
export interface World {
  /** The arguments after the program's name. */
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly clock: () => Date;
}

/** Writes, and waits until the text is on its way. A reader that has gone away is no error. */
export async function write(stream: Output, text: string): Promise<void> {
  await new Promise<void>((resolve) => {
    stream.write(text, () => resolve());
  });
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
