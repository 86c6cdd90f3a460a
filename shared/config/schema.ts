import * as v from "valibot";

import { endpoint, vpcEndpoints } from "./endpoints.ts";
import { exemptions } from "./exemptions.ts";
import { durationBetween, keysOf, wholeNumberUpTo } from "./fields.ts";
import { receivers } from "./receivers.ts";
import { regions } from "./regions.ts";

/** At most as long as a function may run. */
const duration = durationBetween("1ms", "24h");

/** What any one source of configuration may say. Every key may be left out, none may be unknown. */
export const ConfigSource = keysOf({
  regions: v.exactOptional(regions),
  concurrency: v.exactOptional(wholeNumberUpTo(1_000)),
  timeout: v.exactOptional(duration),
  deadline: v.exactOptional(duration),
  exemptions: v.exactOptional(exemptions),
  alerts: v.exactOptional(keysOf({ receivers: v.exactOptional(receivers) })),
  endpoints: v.exactOptional(
    keysOf({
      vpc: v.exactOptional(vpcEndpoints),
      sts: v.exactOptional(endpoint),
      fc: v.exactOptional(endpoint),
    }),
  ),
});
export type ConfigSource = v.InferOutput<typeof ConfigSource>;

/** What an event may say: the scope, and never where alerts go. */
export const EventSource = keysOf({ regions: v.exactOptional(regions) });
