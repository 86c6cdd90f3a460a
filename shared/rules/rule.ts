import type { CallLimit, Cloud } from "../audit/cloud.ts";
import type { Verdict } from "../audit/finding.ts";

/** A question put to a region. */
export interface Rule {
  readonly id: string;
  /**
   * Asks the region. Only an answer is a verdict: what could not be read is thrown.
   *
   * @throws `CallError` when the cloud gave no usable answer
   */
  evaluate(cloud: Cloud, regionId: string, limit: CallLimit): Promise<Verdict>;
}
