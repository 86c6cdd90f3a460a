import type { Alert, Change } from "../alerts/alert.ts";
import type { TimeBudget } from "../retry/time-budget.ts";
import type { Language } from "./receiver-options.ts";

/** One message of those that an alert is written as. */
export interface Message {
  /**
   * The same for the same changes of the same run at the same receiver, and for no others: a
   * receiver that knows keys drops the repeat.
   */
  readonly key: string;
  /** What is sent, less a signature and whatever else changes from attempt to attempt. */
  readonly body: Readonly<Record<string, unknown>> | readonly unknown[];
  /** The changes that are notified once this message is accepted. */
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
  /** The name in reports and in the state. Holds nothing of the address that is secret. */
  readonly name: string;
  readonly type: string;
  /** All of the address that may be shown. */
  readonly host: string;
  /** Whether every run sends it what is open, since it remembers and repeats by itself. */
  readonly wantsEveryRun: boolean;
  /** The language of the local names in its messages; left out where they have none. */
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
