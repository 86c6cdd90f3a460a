import { ConfigError } from "../audit/run-error.ts";
import type { ProxySettings } from "../http/proxy-settings.ts";
import { problemsOfAccounts } from "./account-problems.ts";
import { defaultConcurrency } from "./accounts.ts";
import { formatDuration } from "./duration.ts";
import type { ConfigLayer } from "./layer.ts";
import { defaultsOf, type ValuesOf } from "./option.ts";
import { OPTIONS } from "./options.ts";

/** The configuration of a run, complete and checked: the value of every option, and the proxy. */
export interface Config extends ValuesOf<typeof OPTIONS> {
  /** The proxy of `https:` requests; null for none. Only the environment names one. */
  readonly proxy: ProxySettings | null;
}

/** Complete rather than quick: no region is left out unless the configuration excludes it. */
export const DEFAULT_CONFIG: Config = { ...defaultsOf(OPTIONS), proxy: null };

/**
 * Puts the defaults and the layers over one another; a later layer wins, value by value.
 *
 * @throws {@link ConfigError} with every problem of every layer, or of the values together
 */
export function resolveConfig(...layers: readonly ConfigLayer[]): Config {
  const problems = layers.flatMap((layer) => layer.problems);
  if (problems.length > 0) throw new ConfigError(problems);
  let config = DEFAULT_CONFIG;
  for (const { values, proxy } of layers) {
    config = {
      ...config,
      ...values,
      ...accountsOf(config, values),
      // The compiler reports a missing group. A layer may have a part of a group.
      alerts: { ...config.alerts, ...values.alerts },
      organization: { ...config.organization, ...values.organization },
      fanOut: { ...config.fanOut, ...values.fanOut },
      endpoints: { ...config.endpoints, ...values.endpoints },
      proxy: proxy ?? config.proxy,
    };
  }
  if (!layers.some(({ values }) => values.concurrency !== undefined)) {
    config = { ...config, concurrency: defaultConcurrency(config) };
  }
  const together = problemsTogether(config);
  if (together.length > 0) throw new ConfigError(together);
  return config;
}

/**
 * A file lists accounts, and a flag or an event selects among them. Regions that a later source names
 * replace those of single accounts too.
 */
function accountsOf(
  { accounts: before }: Config,
  { accounts: given, regions }: ConfigLayer["values"],
): Pick<Config, "accounts"> {
  const entries = given?.entries ?? before.entries;
  const keepsRegions = regions === undefined || (given?.entries ?? null) !== null;
  return {
    accounts: {
      entries: keepsRegions
        ? entries
        : (entries?.map(({ regions: _own, ...entry }) => entry) ?? null),
      selectors: given?.selectors ?? before.selectors,
    },
  };
}

/** What is wrong only with the values of several layers together. */
function problemsTogether(config: Config): string[] {
  const { timeoutMs, attemptTimeoutMs, alerts, state } = config;
  return [
    ...problemsOfAccounts(config),
    attemptTimeoutMs !== null &&
      attemptTimeoutMs > timeoutMs &&
      `attemptTimeout (--attempt-timeout): is ${formatDuration(attemptTimeoutMs)}, and one attempt cannot take longer than all of them: write at most timeout (--timeout), which is ${formatDuration(timeoutMs)}`,
    alerts.summaryEveryMs !== null &&
      state.kind === "none" &&
      "alerts.summaryEvery: needs a state, to remember when the last summary was sent: set state too",
  ].filter((problem) => problem !== false);
}
