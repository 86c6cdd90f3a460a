import type { Alert } from "../../../shared/alerts/alert.ts";
import type { Message } from "../../../shared/notify/receiver.ts";
import {
  createReceivers,
  RECEIVERS,
  type ReceiverOptions,
  type ReceiverType,
} from "../../../shared/notify/receivers.ts";
import { DIRECT } from "../../harness/direct.ts";

/** A type of receiver that people read in a chat. */
type ChatType = Extract<(typeof RECEIVERS)[number], { readonly isChat: true }>["type"];

/** The types of receivers that people read in a chat. */
export const CHATS: readonly ChatType[] = RECEIVERS.flatMap((descriptor) =>
  "isChat" in descriptor ? [descriptor.type] : [],
);

/** The messages that a receiver would send. */
export function messagesOf(
  type: ReceiverType,
  alert: Alert,
  options: Partial<ReceiverOptions> = {},
): readonly Message[] {
  const [receiver] = createReceivers(
    [{ type, url: "https://h.example.com/x", ...options }],
    DIRECT,
  );
  return receiver?.compose(alert, 1) ?? [];
}

/** The bodies that a receiver would send. */
export function bodiesOf(
  type: ReceiverType,
  alert: Alert,
  options?: Partial<ReceiverOptions>,
): unknown[] {
  return messagesOf(type, alert, options).map(({ body }) => body);
}

/** The readable texts of a body, line by line, without the vendor's structure. */
export function textsOf(body: unknown): string[] {
  if (typeof body !== "object" || body === null) return [];
  return Object.entries(body).flatMap(([key, value]: [string, unknown]) =>
    typeof value === "string" && ["title", "text", "content"].includes(key)
      ? value.split(/(?:\n|<br>)+/).map((line) => line.trimEnd())
      : textsOf(value),
  );
}

/** The readable text of all bodies that a receiver would send. */
export function textOf(
  type: ReceiverType,
  alert: Alert,
  options?: Partial<ReceiverOptions>,
): string {
  return bodiesOf(type, alert, options).flatMap(textsOf).join("\n");
}

/** Bytes that `timestamp` and `sign` with their names add to a Feishu body: 10 digits, 44 characters. */
const SIGNATURE_BYTES = 79;

/** How much of the vendor's limit a body uses, from 0 to 1. */
export function shareOfLimit(type: ReceiverType, body: unknown): number {
  const bytes = Buffer.byteLength(JSON.stringify(body));
  switch (type) {
    case "dingtalk":
      return bytes / 20_000;
    case "feishu":
      return (bytes + SIGNATURE_BYTES) / 20_000;
    case "wecom":
      return Buffer.byteLength(textsOf(body).join("\n")) / 4_096;
    case "slack":
      return Math.max(
        textsOf(body).join("").length / 12_000,
        (JSON.stringify(body).match(/"section"/g)?.length ?? 0) / 49,
      );
    case "teams":
      return bytes / 18_000;
    case "webhook":
      return bytes / 19_999;
    case "alertmanager":
      // It has no limit.
      return 0;
  }
}
