import type { ScopedAccount } from "../../../shared/audit/account-scope.ts";
import type { Evaluation } from "../../../shared/run/evaluate-rule.ts";
import { type SpinnerRuntime, startSpinner } from "./start-spinner.ts";

/** Shows the progress of an audit. */
export interface Progress {
  /** @param accounts - those in scope with their regions, where not only the credentials' own is */
  readonly onScope: (
    regionIds: readonly string[],
    ruleIds: readonly string[],
    accounts?: readonly ScopedAccount[],
  ) => void;
  /** Counts the evaluations of one rule in one region, of an account where `onScope` had accounts. */
  readonly onEvaluated: (evaluations: readonly Evaluation[], account?: ScopedAccount) => void;
  /** Removes the display. */
  readonly stop: () => void;
}

const NO_PROGRESS: Progress = { onScope() {}, onEvaluated() {}, stop() {} };

/** A spinner with a count of regions on a terminal; nothing anywhere else. */
export async function startProgress(
  runtime: SpinnerRuntime,
  wanted: boolean,
  beginning = "Looking for credentials",
): Promise<Progress> {
  const spinner = await startSpinner(runtime, wanted, beginning);
  if (spinner === null) return NO_PROGRESS;
  let regions: RegionCount | null = null;
  const show = (count: RegionCount): void => spinner.show(count.describe());
  return {
    onScope(regionIds, ruleIds, accounts) {
      regions = new RegionCount(regionIds, ruleIds.length, accounts);
      show(regions);
    },
    onEvaluated(evaluations, account) {
      if (regions?.count(evaluations, account?.id) === true) show(regions);
    },
    stop: spinner.stop,
  };
}

/** Of many regions the display changes this often, since drawing it takes longer than counting. */
const MAX_CHANGES = 200;

/** Counts regions of accounts, however many rules are evaluated and resources are found in each. */
class RegionCount {
  readonly #ruleCount: number;
  /** The number of accounts, where there may be several; null otherwise. */
  readonly #accountCount: number | null;
  readonly #total: number;
  /** By account and region: the number of rules that are still to be evaluated there. */
  readonly #rulesLeft = new Map<string, number>();
  #answered = 0;
  #evaluated = 0;
  readonly #nonCompliant = new Set<string>();

  constructor(
    regionIds: readonly string[],
    ruleCount: number,
    accounts: readonly ScopedAccount[] | undefined,
  ) {
    this.#ruleCount = ruleCount;
    this.#accountCount = accounts?.length ?? null;
    this.#total =
      accounts?.reduce((sum, account) => sum + account.regionIds.length, 0) ?? regionIds.length;
  }

  /** @returns whether the change is to be shown */
  count(evaluations: readonly Evaluation[], accountId = ""): boolean {
    const key = `${accountId} ${evaluations[0]?.regionId ?? ""}`;
    const left = (this.#rulesLeft.get(key) ?? this.#ruleCount) - 1;
    this.#rulesLeft.set(key, left);
    if (left === 0) this.#answered += 1;
    if (evaluations.some(({ status }) => status === "NON_COMPLIANT")) this.#nonCompliant.add(key);
    this.#evaluated += 1;
    const isLast = this.#answered === this.#total;
    return isLast || this.#evaluated % Math.ceil(this.#total / MAX_CHANGES) === 0;
  }

  describe(): string {
    const found = this.#nonCompliant.size === 0 ? "" : `, ${this.#nonCompliant.size} not compliant`;
    const accounts =
      this.#accountCount === null || this.#accountCount === 1
        ? ""
        : ` in ${this.#accountCount} accounts`;
    return `${this.#answered} of ${this.#total} regions${accounts} answered${found}`;
  }
}
