import type { Alert, Change } from "../alerts/alert.ts";
import type { Route } from "../audit/route.ts";
import type { TimeBudget } from "../retry/time-budget.ts";
import type { Language } from "./receiver-options.ts";

/** One message of those that an alert is written as. */
export interface Message {
  /**
   * Equal only for the same changes of the same run at the same receiver, so that a receiver that
   * supports keys drops a repeat.
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

/** A destination of alerts. */
export interface Receiver {
  /** The name in reports and in the state. Contains no secret part of the address. */
  readonly name: string;
  readonly type: string;
  /** All of the address that may be shown. */
  readonly host: string;
  /** Whether every run sends it what is open, since it remembers and repeats alerts by itself. */
  readonly wantsEveryRun: boolean;
  /** The language of the local names in its messages; left out where they have none. */
  readonly namesPlacesIn?: Language;
  /** What it is sent. @default everything */
  readonly only?: Route;
  /**
   * Writes an alert as the messages to send one after another: as few as the vendor's limit
   * allows, and at most five where people or programs read them one by one. An Alertmanager gets all.
   *
   * @param share - how much of the vendor's limit to use, from above 0 to 1: less after a message
   * turned out to be too long all the same
   */
  compose(alert: Alert, share: number): readonly Message[];
  /**
   * Tries once.
   *
   * @returns the HTTP status it was accepted with
   * @throws `DeliveryError` when the receiver did not accept the message
   */
  send(dispatch: Dispatch): Promise<number>;
}
