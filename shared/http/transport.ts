import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";

import { ClockDifference } from "./clock-difference.ts";
import { isInNoProxy, isNeverProxied } from "./no-proxy.ts";
import { ProxyAgent } from "./proxy-agent.ts";
import type { ProxySettings } from "./proxy-settings.ts";

/** The host and port of a request. A `URL` is one. */
export interface Target {
  readonly protocol: string;
  /** An IPv6 address in brackets. */
  readonly hostname: string;
  /** Empty for the protocol's default. */
  readonly port: string;
}

/** Opens all connections of the program. Disposal closes them. */
export interface Transport extends Disposable {
  /** The clock of Alibaba Cloud, as the answers to the calls of this run show it. */
  readonly cloudClock: ClockDifference;
  /** The agent for requests to a target. It keeps connections alive for further requests. */
  agentFor(target: Target): HttpAgent;
}

/**
 * Creates the transport of one run. A connection that outlived the run would keep the process alive.
 * The transport has its own agents, so Node's `NODE_USE_ENV_PROXY` has no effect on it.
 *
 * @param proxy - the proxy for `https:` requests, except to hosts that are always connected to
 *   directly and to those in `NO_PROXY`; null for none
 */
export function createTransport(proxy: ProxySettings | null): Transport {
  const plain = new HttpAgent({ keepAlive: true });
  const secure = new HttpsAgent({ keepAlive: true });
  const proxied = proxy === null ? null : new ProxyAgent(proxy, { keepAlive: true });
  return {
    cloudClock: new ClockDifference(),
    agentFor(target) {
      if (target.protocol !== "https:") return plain;
      if (proxy === null || proxied === null || isNeverProxied(target.hostname)) return secure;
      return isInNoProxy(proxy.noProxy, target) ? secure : proxied;
    },
    [Symbol.dispose]() {
      for (const agent of [plain, secure, proxied]) agent?.destroy();
    },
  };
}
