import type { Reason } from "../audit/finding.ts";
import type { Evaluation } from "./evaluate-rule.ts";

/** The reason where no host name at all resolves: the network is down, and the region ids may be right. */
export const NETWORK_DOWN: Reason = {
  code: "UNREACHABLE",
  message: "No host name could be resolved. Check the network and its DNS.",
};

/**
 * Corrects the reason of a region whose host does not resolve although DescribeRegions lists the
 * region: its id is right, so it is `UNREACHABLE`, and not `REGION_NOT_FOUND`.
 *
 * @param evaluations - of one rule in one region: a region that was not read has a single one
 * @param listed - the ids that DescribeRegions returned
 */
export function explainMissingHost(
  evaluations: readonly Evaluation[],
  listed: ReadonlySet<string>,
): readonly Evaluation[] {
  const [evaluation] = evaluations;
  if (evaluation?.hostResolved !== false || !listed.has(evaluation.regionId)) return evaluations;
  const { regionId, evidence } = evaluation;
  const message = `DescribeRegions names this region, but there is no host ${evidence.endpoint}. Check the name server of this network; if Alibaba Cloud has closed the region, leave it out with "!${regionId}".`;
  return [{ ...evaluation, reason: { code: "UNREACHABLE", message } }];
}

/**
 * Corrects the reasons where no host resolved in the whole run: {@link NETWORK_DOWN} in place of
 * `REGION_NOT_FOUND`.
 *
 * @param someHostResolved - whether the host of another call of the run resolved
 */
export function explainNetworkDown(
  evaluations: readonly Evaluation[],
  someHostResolved: boolean,
): readonly Evaluation[] {
  if (someHostResolved || evaluations.some(({ hostResolved }) => hostResolved === true)) {
    return evaluations;
  }
  return evaluations.map((evaluation) =>
    evaluation.hostResolved === false ? { ...evaluation, reason: NETWORK_DOWN } : evaluation,
  );
}
