import type { Alert, Change } from "../alerts/alert.ts";
import type { TimeBudget } from "../retry/time-budget.ts";
import type { Language } from "./receiver-options.ts";

export const RECEIVER_TYPES = [
  "webhook",
  "dingtalk",
  "feishu",
  "wecom",
  "slack",
  "teams",
  "alertmanager",
] as const;
export type ReceiverType = (typeof RECEIVER_TYPES)[number];

/** One message of those that an alert is written as. */
export interface Message {
  /**
   * The same for the same news of the same run at the same receiver, and for no other: a receiver
   * that knows keys drops the repeat.
   */
  readonly key: string;
  /** What is sent, less a signature and whatever else changes from attempt to attempt. */
  readonly body: Readonly<Record<string, unknown>> | readonly unknown[];
  /** The news that is told once this message is accepted. */
  readonly covers: readonly Change[];
}

/** One attempt to deliver a message. */
export interface Dispatch {
  readonly message: Message;
  /** The moment of this attempt, in milliseconds since the epoch. */
  readonly nowMs: number;
  /** The time of this attempt. */
  readonly budget: Pick<TimeBudget, "endedBy" | "onEnd">;
}

/** One place that gets alerts. */
export interface Receiver {
  /** What people and the state know it by. Holds nothing of the address that is secret. */
  readonly name: string;
  readonly type: ReceiverType;
  /** All of the address that may be shown. */
  readonly host: string;
  /** Whether it has to be told in every run what is open, since it remembers and repeats itself. */
  readonly wantsEveryRun: boolean;
  /** The language in which its messages name regions' places; left out where they do not. */
  readonly namesPlacesIn?: Language;
  /**
   * Writes an alert as the messages to send one after another: as few as fit into what the vendor
   * takes, and at most five.
   *
   * @param share - how much of the vendor's limit to use, from above 0 to 1: less after a message
   * turned out to be too long all the same
   */
  compose(alert: Alert, share: number): readonly Message[];
  /**
   * Tries once.
   *
   * @returns the HTTP status it was accepted with
   * @throws `DeliveryError` when the receiver did not take the message
   */
  send(dispatch: Dispatch): Promise<number>;
}
