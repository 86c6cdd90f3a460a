import * as v from "valibot";

import { type Endpoint, parseEndpoint, problemOfIpv6 } from "../http/endpoint.ts";
import { isRegionId } from "../audit/scope.ts";
import { isKeyed, quote } from "./fields.ts";

/** Where a service is asked instead of at its public address. */
export const endpoint = v.pipe(
  v.string("must be a host, such as vpc.cn-hangzhou.aliyuncs.com"),
  v.rawTransform<string, Endpoint>(({ dataset, addIssue, NEVER }) => {
    const parsed = parseEndpoint(dataset.value);
    if (parsed !== null) return parsed;
    const problem =
      problemOfIpv6(dataset.value) ??
      "is not an endpoint: write a host, host:port or https://host (http is for loopback only)";
    addIssue({ message: `${quote(dataset.value)}${problem}` });
    return NEVER;
  }),
);

/** Names that valibot's record does not see. */
const UNSEEN = ["__proto__", "constructor", "prototype"];

/** One endpoint for every region, or one for each region id. */
export const vpcEndpoints = v.lazy((input): v.GenericSchema<unknown, Record<string, Endpoint>> =>
  typeof input === "string"
    ? v.pipe(
        endpoint,
        v.transform((every) => ({ "*": every })),
      )
    : v.pipe(
        v.custom<object>(isKeyed, "must be a host, or a host for each region id"),
        // A record passes over names such as "constructor".
        v.rawCheck(({ dataset, addIssue }) => {
          const names = dataset.typed ? Object.keys(dataset.value) : [];
          const odd = names.find((name) => UNSEEN.includes(name));
          if (odd !== undefined) addIssue({ message: `has ${odd}, which is not a region id` });
        }),
        v.record(v.pipe(v.string(), v.check(isRegionId, "is not a region id")), endpoint),
      ),
);
