import type { Output } from "./cli-runtime.ts";

/** Shows how much of a known number of things is done. */
export interface CountProgress {
  readonly show: (done: number, total: number) => void;
  /** Removes the display. */
  readonly stop: () => void;
}

/** How often the display changes at most: drawing it can take longer than what it counts. */
const MAX_CHANGES = 200;

/**
 * A spinner with a count on a terminal; nothing anywhere else.
 *
 * @param what - what is counted, such as `reports checked`
 */
export async function startCountProgress(
  stream: Output,
  wanted: boolean,
  what: string,
): Promise<CountProgress> {
  // With a width of 0, which a terminal may report, wrapping the text would never end.
  if (!wanted || stream.isTTY !== true || stream.columns === 0) return { show() {}, stop() {} };
  const { default: ora } = await import("ora");
  const spinner = ora({ stream, isEnabled: true, discardStdin: false, text: "Reading" }).start();
  return {
    show(done, total) {
      if (done !== total && done % Math.ceil(total / MAX_CHANGES) !== 0) return;
      spinner.text = `${done} of ${total} ${what}`;
      spinner.render();
    },
    stop: () => void spinner.stop(),
  };
}
