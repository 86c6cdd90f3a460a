import { describeProxy, type ProxySettings } from "../http/proxy-settings.ts";
import type { Config } from "./config.ts";
import { withoutUndefined } from "./fields.ts";
import { type DescribedBeside, isOption, keyInFile, type OptionTable } from "./option.ts";
import { OPTIONS } from "./options.ts";

/** The configuration as a file would have it, with every secret masked; and the proxy. */
export function describeConfig(config: Config): Record<string, unknown> {
  return {
    ...describeValues(OPTIONS, config, config),
    proxy: config.proxy === null ? null : proxyRow(config.proxy),
  };
}

function describeValues(
  table: OptionTable,
  values: object,
  beside: DescribedBeside,
): Record<string, unknown> {
  const valueByName = new Map<string, unknown>(Object.entries(values));
  const described = Object.entries(table).map(([name, entry]) => {
    const value = valueByName.get(name);
    return [
      keyInFile(name),
      isOption(entry)
        ? entry.describe(value, beside)
        : unlessEmpty(describeValues(entry, Object(value), beside)),
    ] as const;
  });
  return withoutUndefined(Object.fromEntries(described));
}

/** A group of which nothing is to be said is left out. */
function unlessEmpty(group: object): object | undefined {
  return Object.keys(group).length === 0 ? undefined : group;
}

/** The proxy has no key in the file: only the environment names one. */
function proxyRow(proxy: ProxySettings): Record<string, unknown> {
  return {
    address: describeProxy(proxy),
    from: proxy.variable,
    noProxy: proxy.noProxy.map(({ text }) => text),
  };
}
