import { needsKnownRegions, selectRegions } from "../../../../../shared/audit/scope.ts";
import { LIST_REGIONS } from "../../../../../shared/entry/least-policy.ts";
import { retry } from "../../../../../shared/retry/retry.ts";
import { CLOUD_RETRY_POLICY } from "../../../../../shared/run/run-audit.ts";
import { HOME_REGION_ID } from "../../../local/local-audit.ts";
import { type Check, found } from "../check.ts";
import { openCloud } from "../open-cloud.ts";
import { ok } from "../outcome.ts";

/** The regions in scope: whether they can be listed, where patterns say which they are. */
export const regions: Check = {
  id: "regions",
  title: "Regions",
  needs: ["identity"],
  run: async (setUp, within) => {
    const { config, learnt } = setUp;
    if (!needsKnownRegions(config.regions)) {
      const written = selectRegions(config.regions, []);
      learnt.regionId = askedRegionOf(written);
      return ok(`${countOf(written)} in scope, written out; asked here: ${learnt.regionId}.`);
    }
    const cloud = await openCloud(setUp, found(learnt.credentials));
    const { value, exchange } = await retry(
      async (_attempt, limit) => cloud.listRegions(limit),
      CLOUD_RETRY_POLICY,
      within,
    );
    const known = value.map(({ regionId }) => regionId);
    const inScope = selectRegions(config.regions, known);
    learnt.regionId = askedRegionOf(inScope);
    return ok(
      `${countOf(inScope)} in scope of ${known.length} (${LIST_REGIONS.action}); asked here: ${learnt.regionId}. An audit asks every one.`,
      { exchange },
    );
  },
};

/** One is enough: whether every region answers is for an audit to say. */
function askedRegionOf(regionIds: readonly string[]): string {
  return regionIds.includes(HOME_REGION_ID) ? HOME_REGION_ID : String(regionIds[0]);
}

function countOf({ length }: readonly string[]): string {
  return length === 1 ? "1 region" : `${length} regions`;
}
