import { receiverName } from "../notify/receiver-options.ts";
import { descriptorOf, receiverLanguage, type ReceiverOptions } from "../notify/receivers.ts";
import { formatDuration } from "./duration.ts";
import { withoutUndefined } from "./fields.ts";
import { ownValues } from "./own-options.ts";

/** What stands for a secret. */
export const MASK = "***";

/**
 * A receiver as the configuration file has it, with every secret masked. The name is shown also
 * where it was not configured: reports and the state use it.
 */
export function describeReceiver(options: ReceiverOptions): Record<string, unknown> {
  const { type, url, secret, keyword, mentions } = options;
  const { headers, basicAuth, bearerToken, insecure, only } = options;
  const durations = ownValues("duration", options).map(([key, value]) => [
    key,
    typeof value === "number" ? formatDuration(value) : undefined,
  ]);
  const texts = ownValues("texts", options).map(([key, value]) => [key, masked(value)]);
  return withoutUndefined({
    type,
    name: receiverName(options),
    url: maskAddress(url),
    secret: masked(secret),
    language: descriptorOf(type).language && receiverLanguage(options),
    keyword,
    mentions,
    ...Object.fromEntries(durations),
    headers: masked(headers),
    basicAuth: masked(basicAuth),
    bearerToken: masked(bearerToken),
    ...Object.fromEntries(texts),
    insecure,
    only,
  });
}

/** The same value with every text in it masked; keys stay. */
function masked(value: unknown): unknown {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== "object") return MASK;
  return Object.fromEntries(
    Object.entries({ ...value }).map(([name, each]) => [name, masked(each)]),
  );
}

/** An address without its path and query, which may be secrets. */
export function maskAddress(address: string): string {
  return `${new URL(address).origin}/${MASK}`;
}
