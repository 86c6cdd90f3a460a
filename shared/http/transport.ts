import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";

import { isInNoProxy, isNeverProxied } from "./no-proxy.ts";
import { ProxyAgent } from "./proxy-agent.ts";
import type { ProxySettings } from "./proxy-settings.ts";

/** Where a request goes. A `URL` is one. */
export interface Target {
  readonly protocol: string;
  /** An IPv6 address in brackets. */
  readonly hostname: string;
  /** Empty for the protocol's own. */
  readonly port: string;
}

/** Makes every connection of the program. Disposing of it closes all of them. */
export interface Transport extends Disposable {
  /** The agent whose connections lead to a target. They are kept for the next request. */
  agentFor(target: Target): HttpAgent;
}

/**
 * Starts a transport for one run: none of its connections may outlive that, and keep the process. Its
 * agents are its own, so that Node's `NODE_USE_ENV_PROXY` has no say.
 *
 * @param proxy - what `https:` requests go through, but for hosts that are always asked directly and
 * those of `NO_PROXY`; null for none
 */
export function createTransport(proxy: ProxySettings | null): Transport {
  const plain = new HttpAgent({ keepAlive: true });
  const secure = new HttpsAgent({ keepAlive: true });
  const proxied = proxy === null ? null : new ProxyAgent(proxy, { keepAlive: true });
  return {
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
