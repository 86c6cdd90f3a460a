import type { CliRuntime } from "../cli-runtime.ts";
import { showsUnicode } from "./shows-unicode.ts";

/** Where a spinner is shown. */
export type SpinnerRuntime = Pick<CliRuntime, "stderr" | "env">;

/** A line on a terminal that moves while something is under way. */
export interface Spinner {
  readonly show: (text: string) => void;
  /** Removes the line. */
  readonly stop: () => void;
}

/**
 * Starts a spinner on stderr.
 *
 * @param wanted - whether the user wants to see one
 * @returns null where stderr is no terminal, or it is not wanted
 */
export async function startSpinner(
  { stderr: stream, env }: SpinnerRuntime,
  wanted: boolean,
  beginning: string,
): Promise<Spinner | null> {
  // With a width of 0, which a terminal may report, wrapping the text would never end.
  if (!wanted || stream.isTTY !== true || stream.columns === 0) return null;
  const { default: ora } = await import("ora");
  const spinner = ora({
    stream,
    isEnabled: true,
    discardStdin: false,
    text: beginning,
    // `line` is of ASCII characters alone.
    ...(showsUnicode(stream, env) ? {} : { spinner: "line" }),
  }).start();
  return {
    show(text) {
      spinner.text = text;
      spinner.render();
    },
    stop: () => void spinner.stop(),
  };
}
