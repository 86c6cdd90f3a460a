import type { Alert } from "../audit/alert.ts";

/** One attempt to deliver an alert. */
export interface Dispatch {
  readonly alert: Alert;
  /** When the run ended; ISO 8601, UTC. */
  readonly at: string;
  /** The moment of this attempt, in milliseconds since the epoch. */
  readonly nowMs: number;
  /** Aborted when the attempt's time is up. */
  readonly signal: AbortSignal;
}

/** One place that gets alerts. */
export interface Receiver {
  readonly type: string;
  /** All of the address that may be shown. */
  readonly host: string;
  /**
   * Tries once.
   *
   * @returns the HTTP status it was accepted with
   * @throws `DeliveryError` when the receiver did not take the alert
   */
  send(dispatch: Dispatch): Promise<number>;
}
