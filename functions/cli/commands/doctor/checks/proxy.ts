import type { Config } from "../../../../../shared/config/config.ts";
import { describeProxy, type ProxySettings } from "../../../../../shared/http/proxy-settings.ts";
import { createTransport } from "../../../../../shared/http/transport.ts";
import type { TimeBudget } from "../../../../../shared/retry/time-budget.ts";
import { stsEndpoint } from "../../../../../shared/service/endpoints.ts";
import { HOME_REGION_ID } from "../../../local/local-audit.ts";
import type { Check } from "../check.ts";
import { outcomeOfError } from "../outcome-of-error.ts";
import { ok, type Outcome, problem, warning } from "../outcome.ts";
import { reachHost, shownHost, UnreachableHostError, usesProxy } from "../reach-host.ts";

/** Variables of other programs, which this one does not read. */
const NOT_READ = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/** Codes of failures that every other host behind the proxy has too. */
const BLOCKING = new Set(["PROXY_UNREACHABLE", "PROXY_AUTHENTICATION", "TIMEOUT"]);

/** The proxy: whether it opens a tunnel to the cloud. */
export const proxy: Check = {
  id: "proxy",
  title: "Proxy",
  needs: ["configuration"],
  run: async ({ config, transport, runtime }, within) => {
    if (config.proxy === null) {
      const others = NOT_READ.filter((name) => runtime.env[name]);
      if (others.length === 0) return ok("None: HTTPS_PROXY is not set.");
      return warning("PROXY_NOT_READ", `None: ${others.join(" and ")} is set, and not read here.`, {
        fix: "Where a proxy is needed, set HTTPS_PROXY.",
      });
    }
    const shown = `${describeProxy(config.proxy)} from ${config.proxy.variable}`;
    const exceptions = config.proxy.noProxy.map(({ text }) => text);
    const direct = exceptions.length === 0 ? "" : `, except to ${exceptions.join(", ")}`;
    const target = stsTarget(config);
    if (!usesProxy(target, transport)) {
      const unreachable = await tryAlone(config.proxy, within);
      const reached = `${shownHost(target)} is reached directly.`;
      return unreachable ?? ok(`${shown}: for https requests${direct}. ${reached}`);
    }
    try {
      await reachHost(target, transport, within);
    } catch (error) {
      if (!(error instanceof UnreachableHostError)) throw error;
      return { ...outcomeOfError(error), goesOn: !BLOCKING.has(error.code) };
    }
    return ok(`${shown}: for https requests${direct}. It opens a tunnel to ${shownHost(target)}.`);
  },
};

/**
 * Connects to a proxy that no call of doctor goes through. Others may, such as those to receivers.
 *
 * @returns null where it takes a connection
 */
async function tryAlone(proxy: ProxySettings, within: TimeBudget): Promise<Outcome | null> {
  const { protocol, hostname, port, variable } = proxy;
  using withoutProxy = createTransport(null);
  try {
    await reachHost({ protocol, hostname, port: String(port) }, withoutProxy, within);
    return null;
  } catch (error) {
    if (!(error instanceof UnreachableHostError)) throw error;
    const { detail } = outcomeOfError(error);
    return problem("PROXY_UNREACHABLE", `No connection to the proxy: ${detail}`, {
      fix: `Check ${variable}, and the network to the proxy; or unset it.`,
      goesOn: true,
    });
  }
}

/** The first host that is asked. */
export function stsTarget({ endpoints }: Pick<Config, "endpoints">): URL {
  const { protocol, host } = stsEndpoint(HOME_REGION_ID, endpoints.sts);
  return new URL(`${protocol.toLowerCase()}://${host}`);
}
