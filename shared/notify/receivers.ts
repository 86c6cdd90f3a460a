import type { Receiver } from "./receiver.ts";
import { webhookReceiver, type WebhookOptions } from "./webhook.ts";

/** What the configuration says of one receiver. */
export type ReceiverOptions = WebhookOptions;

/** Makes the receivers that the configuration lists. */
export function createReceivers(options: readonly ReceiverOptions[]): Receiver[] {
  return options.map((receiver) => webhookReceiver(receiver));
}
