import type { Outcome } from "../../shared/run/evaluate-region.ts";
import type { Output } from "./cli-runtime.ts";

/** Shows how far an audit has come. */
export interface Progress {
  readonly onScope: (regionIds: readonly string[]) => void;
  readonly onOutcome: (outcome: Outcome) => void;
  /** Takes the display away again. */
  readonly stop: () => void;
}

const NO_PROGRESS: Progress = { onScope() {}, onOutcome() {}, stop() {} };

/** A spinner with a count on a terminal; nothing anywhere else. */
export async function startProgress(
  stream: Output,
  wanted: boolean,
  beginning = "Looking for credentials",
): Promise<Progress> {
  // A terminal may say that it has no columns; to fit lines into those has no end.
  if (!wanted || stream.isTTY !== true || stream.columns === 0) return NO_PROGRESS;
  const { default: ora } = await import("ora");
  const spinner = ora({ stream, isEnabled: true, discardStdin: false, text: beginning }).start();
  let total = 0;
  let answered = 0;
  let nonCompliant = 0;
  const show = (): void => {
    const found = nonCompliant === 0 ? "" : `, ${nonCompliant} not compliant`;
    spinner.text = `${answered} of ${total} regions answered${found}`;
    spinner.render();
  };
  return {
    onScope(regionIds) {
      total = regionIds.length;
      show();
    },
    onOutcome({ status }) {
      answered += 1;
      if (status === "NON_COMPLIANT") nonCompliant += 1;
      show();
    },
    stop() {
      spinner.stop();
    },
  };
}
