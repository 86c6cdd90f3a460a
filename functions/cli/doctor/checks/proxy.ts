import type { Config } from "../../../../shared/config/config.ts";
import { describeProxy } from "../../../../shared/http/proxy-settings.ts";
import { stsEndpoint } from "../../../../shared/service/endpoints.ts";
import { HOME_REGION_ID } from "../../local-audit.ts";
import type { Check } from "../check.ts";
import { outcomeOfError } from "../outcome-of-error.ts";
import { ok, warning } from "../outcome.ts";
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
        mend: "Where a proxy is needed, set HTTPS_PROXY.",
      });
    }
    const shown = `${describeProxy(config.proxy)} from ${config.proxy.variable}`;
    const exceptions = config.proxy.noProxy.map(({ text }) => text);
    const direct = exceptions.length === 0 ? "" : `, except to ${exceptions.join(", ")}`;
    const target = stsTarget(config);
    if (!usesProxy(target, transport)) {
      return ok(`${shown}: for https requests${direct}. ${shownHost(target)} is reached directly.`);
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

/** The first host that is asked. */
export function stsTarget({ endpoints }: Pick<Config, "endpoints">): URL {
  const { protocol, host } = stsEndpoint(HOME_REGION_ID, endpoints.sts);
  return new URL(`${protocol.toLowerCase()}://${host}`);
}
