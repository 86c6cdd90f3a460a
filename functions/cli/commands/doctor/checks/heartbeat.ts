import type { Transport } from "../../../../../shared/http/transport.ts";
import type { Check } from "../check.ts";
import { ok } from "../outcome.ts";
import { proxyOf, reachHost, shownHost } from "../reach-host.ts";

/** The watchdog that every run pings: whether a connection can be established. Nothing is sent. */
export function heartbeatCheck(address: string, transport: Transport): Check {
  const url = new URL(address);
  return {
    id: "heartbeat",
    title: "Heartbeat",
    needs: ["configuration", ...proxyOf(url, transport)],
    run: async (_setUp, within) => {
      await reachHost(url, transport, within);
      return ok(`${shownHost(url)} is reached.`);
    },
  };
}
