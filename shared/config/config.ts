import type { Endpoints } from "../service/endpoints.ts";
import type { ProxySettings } from "../http/proxy-settings.ts";
import type { PlanPolicy } from "../alerts/plan.ts";
import type { Exemption } from "../audit/exemption.ts";
import { ConfigError } from "../audit/run-error.ts";
import type { RegionSelector } from "../audit/scope.ts";
import type { ReceiverOptions } from "../notify/receivers.ts";
import type { StorageAddress } from "../storage/storage-address.ts";
import { formatDuration } from "./duration.ts";
import type { ConfigLayer } from "./layer.ts";

/** The configuration of a run, complete and checked. */
export interface Config {
  readonly regions: readonly RegionSelector[];
  /** Regions asked at once, from 1 to 1000. */
  readonly concurrency: number;
  /** Milliseconds for one region: all attempts and the waits between them. */
  readonly timeoutMs: number;
  /** Milliseconds for one attempt, at most `timeoutMs`; null for {@link defaultAttemptTimeoutMs}. */
  readonly attemptTimeoutMs: number | null;
  /** Milliseconds for the audit of the whole scope; null for what the entry point has. */
  readonly deadlineMs: number | null;
  readonly exemptions: readonly Exemption[];
  readonly alerts: AlertConfig;
  /** Where it is remembered what was told. */
  readonly state: StorageAddress;
  /** What is pinged at the end of every run; as good as a password. */
  readonly heartbeat: string | null;
  readonly endpoints: Endpoints;
  /** What `https:` requests go through; null for none. */
  readonly proxy: ProxySettings | null;
}

export interface AlertConfig extends PlanPolicy {
  readonly receivers: readonly ReceiverOptions[];
}

/** The deadline where nothing else sets one: a function has its own time-out. */
export const DEFAULT_DEADLINE_MS = 300_000;

/**
 * The limit of one attempt where nothing else sets one: a third of the region's time, so that an
 * answer that never comes leaves time to ask again.
 *
 * @param timeoutMs - milliseconds of the region
 * @returns milliseconds
 */
export function defaultAttemptTimeoutMs(timeoutMs: number): number {
  return Math.ceil(timeoutMs / 3);
}

/** Complete rather than quick: no region is left out until somebody says so. */
export const DEFAULT_CONFIG: Config = {
  regions: ["all"],
  concurrency: 32,
  timeoutMs: 10_000,
  attemptTimeoutMs: null,
  deadlineMs: null,
  exemptions: [],
  alerts: { receivers: [], repeatAfterMs: 86_400_000, unreadableAfter: 2, summaryEveryMs: null },
  state: { kind: "none" },
  heartbeat: null,
  endpoints: { vpc: {}, sts: null, fc: null, oss: null },
  proxy: null,
};

/**
 * Puts the defaults and the layers over one another; a later layer wins, value by value.
 *
 * @throws {@link ConfigError} with every problem of every layer, or of what they come to together
 */
export function resolveConfig(...layers: readonly ConfigLayer[]): Config {
  const problems = layers.flatMap((layer) => layer.problems);
  if (problems.length > 0) throw new ConfigError(problems);
  let config = DEFAULT_CONFIG;
  for (const { values, proxy } of layers) {
    config = {
      regions: values.regions ?? config.regions,
      concurrency: values.concurrency ?? config.concurrency,
      timeoutMs: values.timeout ?? config.timeoutMs,
      attemptTimeoutMs: values.attemptTimeout ?? config.attemptTimeoutMs,
      deadlineMs: values.deadline ?? config.deadlineMs,
      exemptions: values.exemptions ?? config.exemptions,
      alerts: {
        receivers: values.alerts?.receivers ?? config.alerts.receivers,
        repeatAfterMs: values.alerts?.repeatAfter ?? config.alerts.repeatAfterMs,
        unreadableAfter: values.alerts?.unreadableAfter ?? config.alerts.unreadableAfter,
        summaryEveryMs: values.alerts?.summaryEvery ?? config.alerts.summaryEveryMs,
      },
      state: values.state ?? config.state,
      heartbeat: values.heartbeat ?? config.heartbeat,
      endpoints: {
        vpc: values.endpoints?.vpc ?? config.endpoints.vpc,
        sts: values.endpoints?.sts ?? config.endpoints.sts,
        fc: values.endpoints?.fc ?? config.endpoints.fc,
        oss: values.endpoints?.oss ?? config.endpoints.oss,
      },
      proxy: proxy ?? config.proxy,
    };
  }
  const together = problemsTogether(config);
  if (together.length > 0) throw new ConfigError(together);
  return config;
}

/** What is wrong only with the values of several layers together. */
function problemsTogether({ timeoutMs, attemptTimeoutMs, alerts, state }: Config): string[] {
  return [
    attemptTimeoutMs !== null &&
      attemptTimeoutMs > timeoutMs &&
      `attemptTimeout (--attempt-timeout): is ${formatDuration(attemptTimeoutMs)}, and one attempt cannot take longer than all of them: write at most timeout (--timeout), which is ${formatDuration(timeoutMs)}`,
    alerts.summaryEveryMs !== null &&
      state.kind === "none" &&
      "alerts.summaryEvery: needs a state, to remember when the last summary was sent: set state too",
  ].filter((problem) => problem !== false);
}
