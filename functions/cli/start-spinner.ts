import type { Output } from "./cli-runtime.ts";

/** A line on a terminal that moves while something is under way. */
export interface Spinner {
  readonly show: (text: string) => void;
  /** Removes the line. */
  readonly stop: () => void;
}

/**
 * Starts a spinner on a terminal.
 *
 * @param wanted - whether the user wants to see one
 * @returns null where the stream is no terminal, or it is not wanted
 */
export async function startSpinner(
  stream: Output,
  wanted: boolean,
  beginning: string,
): Promise<Spinner | null> {
  // With a width of 0, which a terminal may report, wrapping the text would never end.
  if (!wanted || stream.isTTY !== true || stream.columns === 0) return null;
  const { default: ora } = await import("ora");
  const spinner = ora({ stream, isEnabled: true, discardStdin: false, text: beginning }).start();
  return {
    show(text) {
      spinner.text = text;
      spinner.render();
    },
    stop: () => void spinner.stop(),
  };
}
