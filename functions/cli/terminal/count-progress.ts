import { type SpinnerRuntime, startSpinner } from "./start-spinner.ts";

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
  runtime: SpinnerRuntime,
  wanted: boolean,
  what: string,
): Promise<CountProgress> {
  const spinner = await startSpinner(runtime, wanted, "Reading");
  if (spinner === null) return { show() {}, stop() {} };
  return {
    show(done, total) {
      if (done !== total && done % Math.ceil(total / MAX_CHANGES) !== 0) return;
      spinner.show(`${done} of ${total} ${what}`);
    },
    stop: spinner.stop,
  };
}
