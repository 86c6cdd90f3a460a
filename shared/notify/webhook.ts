import { createHash } from "node:crypto";

import type { Alert } from "../audit/alert.ts";
import { DeliveryError } from "./delivery-error.ts";
import { post } from "./post.ts";
import { reportsFailure } from "./reports-failure.ts";
import type { Receiver } from "./receiver.ts";
import { signWebhook } from "./signature.ts";

export interface WebhookOptions {
  readonly type: "webhook";
  readonly url: string;
  /** `whsec_` and a key in base64; without one the message is not signed. */
  readonly secret?: string | undefined;
}

/**
 * A generic endpoint that takes Standard Webhooks.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function webhookReceiver({ type, url, secret }: WebhookOptions): Receiver {
  const { host } = new URL(url);
  return {
    type,
    host,
    async send({ alert, at, nowMs, signal }) {
      const id = messageId(alert, url);
      const timestamp = Math.floor(nowMs / 1_000);
      const body = JSON.stringify({ type: "flowlog-guard.alert", timestamp: at, data: alert });
      const { status, text } = await post({
        url,
        headers: {
          "webhook-id": id,
          "webhook-timestamp": String(timestamp),
          ...(secret !== undefined && {
            "webhook-signature": signWebhook(secret, id, timestamp, body),
          }),
        },
        body,
        signal,
      });
      if (reportsFailure(text)) {
        throw new DeliveryError(
          "REJECTED",
          `${host} answered HTTP ${status} with a body that reports an error. Check what the receiver says.`,
          { retryable: "never", httpStatus: status },
        );
      }
      return status;
    },
  };
}

/** The same for every attempt of the same run at the same receiver, so that it can drop a repeat. */
function messageId({ runId }: Alert, url: string): string {
  return `msg_${createHash("sha256").update(`${runId}\n${url}`).digest("hex").slice(0, 32)}`;
}
