import * as v from "valibot";

import { type Endpoint, parseEndpoint } from "../endpoint.ts";
import { isRegionId, problemOfSelector, problemOfSelectors } from "../audit/scope.ts";
import { problemOfWebhookSecret } from "../notify/signature.ts";
import { problemOfWebhookAddress } from "../notify/webhook-address.ts";
import { isHarmless } from "../harmless.ts";
import { parseDuration } from "./duration.ts";

/** As long as a function may run. */
const MAX_DURATION_MS = 24 * 3_600_000;
const MAX_CONCURRENCY = 1_000;

/** Quotes a value if it is harmless, so that a person finds it. */
function quote(value: unknown): string {
  return typeof value === "string" && isHarmless(value) ? `"${value}" ` : "";
}

function isKeyed(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object with these keys and no others; a list is none. */
function keysOf<E extends v.ObjectEntries>(entries: E) {
  const message = "must be a set of keys and values";
  return v.pipe(
    v.custom<object>(isKeyed, message),
    v.strictObject(entries, ({ expected, received }) => {
      if (expected === "never") {
        return `is not a known key: those known here are ${Object.keys(entries).join(", ")}`;
      }
      return received === "undefined" ? "is missing" : message;
    }),
  );
}

const regions = v.pipe(
  v.unknown(),
  v.rawTransform<unknown, string[]>(({ dataset, addIssue, NEVER }) => {
    const { value } = dataset;
    const entries: unknown = typeof value === "string" ? splitList(value) : value;
    if (!Array.isArray(entries)) {
      addIssue({ message: 'must be a list, such as [cn-hangzhou, "ap-*"]' });
      return NEVER;
    }
    const selectors: string[] = [];
    for (const [index, entry] of entries.entries()) {
      const selector: unknown = entry;
      const problem =
        typeof selector === "string"
          ? problemOfSelector(selector)
          : "is not a region: write it as text";
      if (problem !== null) {
        addIssue({
          message: `${quote(selector)}${problem}`,
          path: [{ type: "array", origin: "value", input: entries, key: index, value: selector }],
        });
      }
      if (typeof selector === "string") selectors.push(selector);
    }
    const problem = problemOfSelectors(selectors);
    if (problem !== null) addIssue({ message: problem });
    return selectors;
  }),
);

/** A comma-separated list; empty text is an empty list. */
function splitList(text: string): string[] {
  return text.trim() === "" ? [] : text.split(",").map((entry) => entry.trim());
}

const duration = v.pipe(
  v.string('must be a duration such as "10s" or "5m"'),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const durationMs = parseDuration(dataset.value);
    if (durationMs === null) {
      addIssue({
        message: `${quote(dataset.value)}is not a duration: write for example 500ms, 10s or 5m`,
      });
      return NEVER;
    }
    if (durationMs < 1 || durationMs > MAX_DURATION_MS) {
      addIssue({ message: `${quote(dataset.value)}is out of range: from 1ms to 24h` });
      return NEVER;
    }
    return durationMs;
  }),
);

const CONCURRENCY_RANGE = `must be a whole number from 1 to ${MAX_CONCURRENCY}`;
const concurrency = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.digits(), v.transform(Number))], CONCURRENCY_RANGE),
  v.integer(CONCURRENCY_RANGE),
  v.minValue(1, CONCURRENCY_RANGE),
  v.maxValue(MAX_CONCURRENCY, CONCURRENCY_RANGE),
);

const endpoint = v.pipe(
  v.string("must be a host, such as vpc.cn-hangzhou.aliyuncs.com"),
  v.rawTransform<string, Endpoint>(({ dataset, addIssue, NEVER }) => {
    const parsed = parseEndpoint(dataset.value);
    if (parsed !== null) return parsed;
    addIssue({
      message: `${quote(dataset.value)}is not an endpoint: write a host, host:port or https://host (http is for loopback only)`,
    });
    return NEVER;
  }),
);

/** One endpoint for every region, or one for each region id. */
const vpcEndpoints = v.lazy((input): v.GenericSchema<unknown, Record<string, Endpoint>> =>
  typeof input === "string"
    ? v.pipe(
        endpoint,
        v.transform((every) => ({ "*": every })),
      )
    : v.pipe(
        v.custom<object>(isKeyed, "must be a host, or a host for each region id"),
        v.record(v.pipe(v.string(), v.check(isRegionId, "is not a region id")), endpoint),
      ),
);

const receiver = keysOf({
  type: v.optional(v.literal("webhook", 'must be "webhook"'), "webhook"),
  url: textWithout(problemOfWebhookAddress),
  secret: v.exactOptional(textWithout(problemOfWebhookSecret)),
});

function textWithout(problemOf: (text: string) => string | null) {
  return v.pipe(
    v.string("must be text"),
    v.rawCheck(({ dataset, addIssue }) => {
      const problem = dataset.typed ? problemOf(dataset.value) : null;
      if (problem !== null) addIssue({ message: problem });
    }),
  );
}

/** What any one source of configuration may say. Every key may be left out, none may be unknown. */
export const ConfigSource = keysOf({
  regions: v.exactOptional(regions),
  concurrency: v.exactOptional(concurrency),
  timeout: v.exactOptional(duration),
  deadline: v.exactOptional(duration),
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
