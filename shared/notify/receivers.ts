import type { Transport } from "../http/transport.ts";
import { alertmanagerReceiver } from "./alertmanager.ts";
import { dingtalkReceiver } from "./dingtalk.ts";
import { feishuReceiver } from "./feishu.ts";
import type { Receiver, ReceiverType } from "./receiver.ts";
import type { ReceiverOptions } from "./receiver-options.ts";
import { slackReceiver } from "./slack.ts";
import { teamsReceiver } from "./teams.ts";
import { webhookReceiver } from "./webhook.ts";
import { wecomReceiver } from "./wecom.ts";

/** Every type of receiver there is. */
const RECEIVERS: Readonly<
  Record<ReceiverType, (options: ReceiverOptions, transport: Transport) => Receiver>
> = {
  webhook: webhookReceiver,
  dingtalk: dingtalkReceiver,
  feishu: feishuReceiver,
  wecom: wecomReceiver,
  slack: slackReceiver,
  teams: teamsReceiver,
  alertmanager: alertmanagerReceiver,
};

/** Makes the receivers that the configuration lists; they are reached through the transport. */
export function createReceivers(
  options: readonly ReceiverOptions[],
  transport: Transport,
): Receiver[] {
  return options.map((receiver) => RECEIVERS[receiver.type](receiver, transport));
}
