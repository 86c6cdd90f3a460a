import type { Endpoint } from "../http/endpoint.ts";
import type { Endpoints } from "../service/endpoints.ts";
import { describeProxy, type ProxySettings } from "../http/proxy-settings.ts";
import { receiverName } from "../notify/receiver-options.ts";
import { descriptorOf, receiverLanguage, type ReceiverOptions } from "../notify/receivers.ts";
import { describeStorageAddress } from "../storage/storage-address.ts";
import { type Config, DEFAULT_DEADLINE_MS, defaultAttemptTimeoutMs } from "./config.ts";
import { formatDuration } from "./duration.ts";
import { ownValues } from "./own-options.ts";
import { withoutUndefined } from "./without-undefined.ts";

const MASK = "***";

/** The configuration in the words of the file, with every secret masked. */
export function describeConfig(config: Config): Record<string, unknown> {
  const { timeoutMs, alerts, exemptions, state, heartbeat, proxy } = config;
  const { vpc, sts, fc, oss } = config.endpoints;
  return {
    regions: config.regions,
    concurrency: config.concurrency,
    timeout: formatDuration(timeoutMs),
    attemptTimeout: formatDuration(config.attemptTimeoutMs ?? defaultAttemptTimeoutMs(timeoutMs)),
    deadline: formatDuration(config.deadlineMs ?? DEFAULT_DEADLINE_MS),
    exemptions: exemptions.map(({ warnsFrom: _warnsFrom, ...said }) => said),
    alerts: withoutUndefined({
      repeatAfter: formatDuration(alerts.repeatAfterMs),
      unreadableAfter: alerts.unreadableAfter,
      summaryEvery:
        alerts.summaryEveryMs === null ? undefined : formatDuration(alerts.summaryEveryMs),
      receivers: alerts.receivers.map(describeReceiver),
    }),
    state: describeStorageAddress(state),
    heartbeat: heartbeat === null ? null : maskAddress(heartbeat),
    endpoints: {
      vpc: formatEndpoints(vpc),
      sts: sts === null ? null : formatEndpoint(sts),
      fc: fc === null ? null : formatEndpoint(fc),
      oss: oss === null ? null : formatEndpoint(oss),
    },
    proxy: proxy === null ? null : proxyRow(proxy),
  };
}

/** No words of the file: it is the environment that names a proxy. */
function proxyRow(proxy: ProxySettings): Record<string, unknown> {
  return {
    address: describeProxy(proxy),
    from: proxy.variable,
    noProxy: proxy.noProxy.map(({ text }) => text),
  };
}

/** The name is shown where nobody gave one too: it is what reports and the state say. */
function describeReceiver(options: ReceiverOptions): Record<string, unknown> {
  const { type, url, secret, keyword, mentions } = options;
  const { headers, basicAuth, bearerToken, insecure } = options;
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
  });
}

/** The same with every text in it masked; names stay. */
function masked(value: unknown): unknown {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== "object") return MASK;
  return Object.fromEntries(
    Object.entries({ ...value }).map(([name, each]) => [name, masked(each)]),
  );
}

/** All but the host is as good as a password. */
function maskAddress(address: string): string {
  return `${new URL(address).origin}/${MASK}`;
}

/** One endpoint for every region is written as such, as the file takes it. */
function formatEndpoints(vpc: Endpoints["vpc"]): string | Record<string, string> {
  const { "*": every, ...regional } = vpc;
  if (every !== undefined) return formatEndpoint(every);
  return Object.fromEntries(
    Object.entries(regional).map(([regionId, endpoint]) => [regionId, formatEndpoint(endpoint)]),
  );
}

function formatEndpoint({ protocol, host }: Endpoint): string {
  return `${protocol.toLowerCase()}://${host}`;
}
