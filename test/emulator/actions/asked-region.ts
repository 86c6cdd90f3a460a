import { type ActionAnswer, errorAnswer } from "../answer.ts";
import type { ActionCall, RegionSeed } from "../world.ts";

/** The region that a call names; the service's error where there is none. */
export function askedRegion({ regions, query }: ActionCall): RegionSeed | ActionAnswer {
  return (
    regions[query.get("RegionId") ?? ""] ??
    errorAnswer(404, "InvalidRegionId.NotFound", "The specified RegionId does not exist.")
  );
}
