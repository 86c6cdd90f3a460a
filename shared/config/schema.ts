import * as v from "valibot";

import { problemOfAddress } from "../notify/receiver-address.ts";
import { parseStorageAddress, type StorageAddress } from "../storage/storage-address.ts";
import { endpoint, vpcEndpoints } from "./endpoints.ts";
import { exemptions } from "./exemptions.ts";
import { durationBetween, keysOf, textWithout, wholeNumberUpTo } from "./fields.ts";
import { receivers } from "./receivers.ts";
import { regions } from "./regions.ts";

/** At most as long as a function may run. */
const duration = durationBetween("1ms", "24h");
/** Whoever wants to hear more seldom does not want to hear. */
const interval = durationBetween("1m", "365d");

const stateAddress = v.pipe(
  v.string("must be text"),
  v.rawTransform<string, StorageAddress>(({ dataset, addIssue, NEVER }) => {
    const parsed = parseStorageAddress(dataset.value);
    if (!("problem" in parsed)) return parsed;
    addIssue({ message: parsed.problem });
    return NEVER;
  }),
);

/** What any one source of configuration may say. Every key may be left out, none may be unknown. */
export const ConfigSource = keysOf({
  regions: v.exactOptional(regions),
  concurrency: v.exactOptional(wholeNumberUpTo(1_000)),
  timeout: v.exactOptional(duration),
  attemptTimeout: v.exactOptional(duration),
  deadline: v.exactOptional(duration),
  exemptions: v.exactOptional(exemptions),
  alerts: v.exactOptional(
    keysOf(
      {
        receivers: v.exactOptional(receivers),
        repeatAfter: v.exactOptional(interval),
        unreadableAfter: v.exactOptional(wholeNumberUpTo(1_000)),
        summaryEvery: v.exactOptional(interval),
      },
      { blindAfter: "unreadableAfter" },
    ),
  ),
  state: v.exactOptional(stateAddress),
  heartbeat: v.exactOptional(textWithout(problemOfAddress)),
  endpoints: v.exactOptional(
    keysOf({
      vpc: v.exactOptional(vpcEndpoints),
      sts: v.exactOptional(endpoint),
      fc: v.exactOptional(endpoint),
      oss: v.exactOptional(endpoint),
    }),
  ),
});
export type ConfigSource = v.InferOutput<typeof ConfigSource>;

/** What an event may say: the scope, and never where alerts go. */
export const EventSource = keysOf({ regions: v.exactOptional(regions) });
