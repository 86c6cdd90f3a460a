import type { Transport } from "../../../../../shared/http/transport.ts";
import { receiverName, secretsOf } from "../../../../../shared/notify/receiver-options.ts";
import { descriptorOf, type ReceiverOptions } from "../../../../../shared/notify/receivers.ts";
import type { Check } from "../check.ts";
import { ok, warning } from "../outcome.ts";
import { proxyOf, reachHost, shownHost } from "../reach-host.ts";

/** The receivers: whether a connection to each host can be established. Nothing is sent. */
export function receiverChecks(
  receivers: readonly ReceiverOptions[],
  transport: Transport,
): readonly Check[] {
  return receivers.length === 0
    ? [noReceiver]
    : receivers.map((each) => receiverCheck(each, transport));
}

const noReceiver: Check = {
  id: "receivers",
  title: "Receivers",
  needs: ["configuration"],
  run: async () =>
    warning("NO_RECEIVER", "None is configured, so nobody is notified.", {
      fix: "Set FLOWLOG_GUARD_WEBHOOK_URL, or alerts.receivers in the configuration file.",
    }),
};

function receiverCheck(options: ReceiverOptions, transport: Transport): Check {
  const name = receiverName(options);
  const url = new URL(options.url);
  return {
    id: `receiver:${name}`,
    title: `Receiver ${name}`,
    needs: ["configuration", ...proxyOf(url, transport)],
    run: async (_setUp, within) => {
      await reachHost(url, transport, within);
      const { called, signature } = descriptorOf(options.type);
      const isSigned = secretsOf(options).length > 0;
      const signed = signature === undefined ? "" : isSigned ? ", signed" : ", not signed";
      const how = url.protocol === "https:" ? "with TLS" : "without TLS";
      return ok(`${called} at ${shownHost(url)}, reached ${how}${signed}.`);
    },
  };
}
