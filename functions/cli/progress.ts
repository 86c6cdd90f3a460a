import type { Evaluation } from "../../shared/run/evaluate-rule.ts";
import type { Output } from "./cli-runtime.ts";

/** Shows the progress of an audit. */
export interface Progress {
  readonly onScope: (regionIds: readonly string[], ruleIds: readonly string[]) => void;
  /** Counts the evaluations of one rule in one region. */
  readonly onEvaluated: (evaluations: readonly Evaluation[]) => void;
  /** Removes the display. */
  readonly stop: () => void;
}

const NO_PROGRESS: Progress = { onScope() {}, onEvaluated() {}, stop() {} };

/** A spinner with a count of regions on a terminal; nothing anywhere else. */
export async function startProgress(
  stream: Output,
  wanted: boolean,
  beginning = "Looking for credentials",
): Promise<Progress> {
  // With a width of 0, which a terminal may report, wrapping the text would never end.
  if (!wanted || stream.isTTY !== true || stream.columns === 0) return NO_PROGRESS;
  const { default: ora } = await import("ora");
  const spinner = ora({ stream, isEnabled: true, discardStdin: false, text: beginning }).start();
  const regions = new RegionCount();
  const show = (): void => {
    spinner.text = regions.describe();
    spinner.render();
  };
  return {
    onScope(regionIds, ruleIds) {
      regions.expect(regionIds, ruleIds);
      show();
    },
    onEvaluated(evaluations) {
      regions.count(evaluations);
      show();
    },
    stop() {
      spinner.stop();
    },
  };
}

/** Counts regions, however many rules are evaluated and resources are found in each. */
class RegionCount {
  /** By region: the number of rules that are still to be evaluated there. */
  readonly #rulesLeft = new Map<string, number>();
  #answered = 0;
  readonly #nonCompliant = new Set<string>();

  expect(regionIds: readonly string[], ruleIds: readonly string[]): void {
    for (const regionId of regionIds) this.#rulesLeft.set(regionId, ruleIds.length);
  }

  count(evaluations: readonly Evaluation[]): void {
    const regionId = evaluations[0]?.regionId ?? "";
    const left = (this.#rulesLeft.get(regionId) ?? 0) - 1;
    this.#rulesLeft.set(regionId, left);
    if (left === 0) this.#answered += 1;
    if (evaluations.some(({ status }) => status === "NON_COMPLIANT")) {
      this.#nonCompliant.add(regionId);
    }
  }

  describe(): string {
    const found = this.#nonCompliant.size === 0 ? "" : `, ${this.#nonCompliant.size} not compliant`;
    return `${this.#answered} of ${this.#rulesLeft.size} regions answered${found}`;
  }
}
