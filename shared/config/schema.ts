import * as v from "valibot";

import { problemOfWebhookSecret } from "../notify/signature.ts";
import { problemOfWebhookAddress } from "../notify/webhook-address.ts";
import { endpoint, vpcEndpoints } from "./endpoints.ts";
import { exemptions } from "./exemptions.ts";
import { durationBetween, keysOf, textWithout, wholeNumberUpTo } from "./fields.ts";
import { regions } from "./regions.ts";

/** At most as long as a function may run. */
const duration = durationBetween("1ms", "24h");

const receiver = keysOf({
  type: v.optional(v.literal("webhook", 'must be "webhook"'), "webhook"),
  url: textWithout(problemOfWebhookAddress),
  secret: v.exactOptional(textWithout(problemOfWebhookSecret)),
});

/** What any one source of configuration may say. Every key may be left out, none may be unknown. */
export const ConfigSource = keysOf({
  regions: v.exactOptional(regions),
  concurrency: v.exactOptional(wholeNumberUpTo(1_000)),
  timeout: v.exactOptional(duration),
  deadline: v.exactOptional(duration),
  exemptions: v.exactOptional(exemptions),
  alerts: v.exactOptional(
    keysOf({ receivers: v.exactOptional(v.array(receiver, "must be a list")) }),
  ),
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
