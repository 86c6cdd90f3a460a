import * as v from "valibot";

import type { Answer, CallLimit } from "../audit/cloud.ts";
import type { Caller } from "../audit/report.ts";
import { askRpc } from "./sdk/ask-rpc.ts";
import type { ClientTarget } from "./sdk/ask.ts";

export const CallerIdentity = v.object({
  RequestId: v.optional(v.string()),
  AccountId: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)),
  Arn: v.pipe(v.string(), v.regex(/^[\x21-\x7e]{1,512}$/)),
});

/** The product, for calls. */
export const STS = { product: "sts", version: "2015-04-01" };

/**
 * The identity that the target's credentials belong to.
 *
 * @throws `CallError`, and no other error
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-getcalleridentity
 */
export async function identifyCaller(
  target: ClientTarget,
  limit: CallLimit,
): Promise<Answer<Caller>> {
  const { value, exchange } = await askRpc(
    { ...STS, operation: "GetCallerIdentity" },
    target,
    CallerIdentity,
    limit,
  );
  return { value: { accountId: value.AccountId, arn: value.Arn }, exchange };
}
