import * as v from "valibot";

import { isRegionId } from "../audit/scope.ts";
import { type Endpoint, parseEndpoint, problemOfIpv6 } from "../http/endpoint.ts";
import { isKeyed, quote } from "./fields.ts";

/** An endpoint in place of a service's public one. */
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

/** Keys that valibot's record ignores. */
const KEYS_IGNORED_BY_RECORD = ["__proto__", "constructor", "prototype"];

/** Endpoints by region id; `"*"` for every region that is not named. */
type RegionEndpoints = Readonly<Record<string, Endpoint>>;

/** One endpoint for every region, or one for each region id. */
export const vpcEndpoints = v.lazy((input): v.GenericSchema<unknown, RegionEndpoints> =>
  typeof input === "string"
    ? v.pipe(
        endpoint,
        v.transform((every) => ({ "*": every })),
      )
    : v.pipe(
        v.custom<object>(isKeyed, "must be a host, or a host for each region id"),
        v.rawCheck(({ dataset, addIssue }) => {
          const names = dataset.typed ? Object.keys(dataset.value) : [];
          const ignored = names.find((name) => KEYS_IGNORED_BY_RECORD.includes(name));
          if (ignored !== undefined) {
            addIssue({ message: `has ${ignored}, which is not a region id` });
          }
        }),
        v.record(v.pipe(v.string(), v.check(isRegionId, "is not a region id")), endpoint),
      ),
);

/** An endpoint as the configuration file has it. */
export function formatEndpoint({ protocol, host }: Endpoint): string {
  return `${protocol.toLowerCase()}://${host}`;
}

/** The endpoints of all regions as the configuration file has them. */
export function formatRegionEndpoints(endpoints: RegionEndpoints): string | Record<string, string> {
  const { "*": every, ...regional } = endpoints;
  if (every !== undefined) return formatEndpoint(every);
  return Object.fromEntries(
    Object.entries(regional).map(([regionId, each]) => [regionId, formatEndpoint(each)]),
  );
}
