import type { Alert } from "../../../shared/alerts/alert.ts";
import {
  createReceivers,
  type ReceiverOptions,
  type ReceiverType,
} from "../../../shared/notify/receivers.ts";
import { DIRECT } from "../../harness/direct.ts";

/** The receivers that people read. */
export const CHATS = ["dingtalk", "feishu", "wecom", "slack", "teams"] as const;

/** What a receiver would send. */
export function bodiesOf(
  type: ReceiverType,
  alert: Alert,
  options: Partial<ReceiverOptions> = {},
): unknown[] {
  const [receiver] = createReceivers(
    [{ type, url: "https://h.example.com/x", ...options }],
    DIRECT,
  );
  return receiver?.compose(alert, 1).map(({ body }) => body) ?? [];
}

/** All that is to be read in a body, line by line, without the vendor's frame. */
export function textsOf(body: unknown): string[] {
  if (typeof body !== "object" || body === null) return [];
  return Object.entries(body).flatMap(([key, value]: [string, unknown]) =>
    typeof value === "string" && ["title", "text", "content"].includes(key)
      ? value.split(/(?:\n|<br>)+/).map((line) => line.trimEnd())
      : textsOf(value),
  );
}

/** The same of all bodies that a receiver would send. */
export function textOf(
  type: ReceiverType,
  alert: Alert,
  options?: Partial<ReceiverOptions>,
): string {
  return bodiesOf(type, alert, options).flatMap(textsOf).join("\n");
}
