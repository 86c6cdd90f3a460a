import { setImmediate } from "node:timers/promises";

import type { Alert, Change } from "../alerts/alert.ts";
import { retry, type RetryPolicy } from "../retry/retry.ts";
import { startTimeBudget, type TimeBudget } from "../retry/time-budget.ts";
import { DeliveryError, type DeliveryFailureCode } from "./delivery-error.ts";
import type { Message, Receiver } from "./receiver.ts";

/** Three attempts with waits of up to 1 and 2 s, or as the receiver asks. */
export const DELIVERY_RETRY_POLICY: RetryPolicy = {
  maxAttempts: 3,
  baseDelayMs: 1_000,
  maxDelayMs: 10_000,
};

/** The time for all messages of an alert to one receiver. */
export const DELIVERY_TIMEOUT_MS = 25_000;
const ATTEMPT_TIMEOUT_MS = 8_000;
/** The least share of the vendor's limit to use: a message that is too long is split again, twice. */
const LEAST_SHARE = 0.25;

/** The outcome of an alert at one receiver. Contains only the host of the address. */
export interface Delivery {
  readonly name: string;
  readonly type: string;
  readonly host: string;
  /** `"failed"` also where only a part was accepted. */
  readonly status: "delivered" | "failed";
  /** Messages that were accepted. */
  readonly messages: number;
  /** Attempts for all messages together. */
  readonly attempts: number;
  /** The status of the last attempt; null where that had no answer. */
  readonly httpStatus: number | null;
  /** Null where the alert was delivered. */
  readonly error: { readonly code: DeliveryFailureCode; readonly message: string } | null;
}

/** The outcome of an alert, and of the changes in it. */
export interface Delivered {
  readonly delivery: Delivery;
  /** The changes in messages that were accepted. */
  readonly notified: readonly Change[];
  /** The changes in messages that may have arrived, which is not confirmed. */
  readonly unknown: readonly Change[];
}

export interface DeliverOptions {
  readonly clock: () => Date;
  /** The time budget of the whole run, where that is limited; a delivery has at most 25 s. */
  readonly within?: TimeBudget | undefined;
  /** @default {@link DELIVERY_RETRY_POLICY} */
  readonly retryPolicy?: RetryPolicy;
  /** Called after each message that was accepted, with its changes, before the next one is sent. */
  readonly onNotified?: (changes: readonly Change[]) => Promise<void>;
}

/**
 * Delivers an alert to one receiver: sends its messages one after another, up to the first that
 * fails in every attempt. Those accepted before stay notified.
 *
 * @throws what `onNotified` throws. A receiver that does not accept the alert is an outcome, no error
 */
export async function deliver(
  receiver: Receiver,
  alert: Alert,
  options: DeliverOptions,
): Promise<Delivered> {
  let pending = [...receiver.compose(alert, 1)];
  // Composing tens of thousands of changes takes a second in which no connection makes progress, so
  // that other receivers compose before any of them sends.
  await setImmediate();
  const budget = startTimeBudget(DELIVERY_TIMEOUT_MS, "TIMEOUT", options.within);
  const notified = new Set<Change>();
  const unknown: Change[] = [];
  let messages = 0;
  let attempts = 0;
  let httpStatus: number | null = null;
  let error: DeliveryError | null = null;
  try {
    let share = 1;
    for (let message = pending.shift(); message !== undefined; message = pending.shift()) {
      const outcome = await tryMessage(receiver, message, options, budget);
      attempts += outcome.attempts;
      httpStatus = outcome.httpStatus;
      if (outcome.error === null) {
        messages += 1;
        for (const change of message.covers) notified.add(change);
        await options.onNotified?.(message.covers);
        continue;
      }
      if (outcome.mayHaveArrived) for (const change of message.covers) unknown.push(change);
      const left = alert.changes.filter((change) => !notified.has(change));
      const nothingLeft = messages > 0 && left.length === 0;
      if (outcome.error.code !== "TOO_LONG" || share === LEAST_SHARE || nothingLeft) {
        error = outcome.error;
        break;
      }
      share /= 2;
      pending = [...receiver.compose({ ...alert, changes: left }, share)];
    }
  } finally {
    budget.release();
  }
  const { name, type, host } = receiver;
  const status = error === null ? "delivered" : "failed";
  const failure = error && { code: error.code, message: error.message };
  return {
    delivery: { name, type, host, status, messages, attempts, httpStatus, error: failure },
    notified: [...notified],
    unknown: unknown.filter((change) => !notified.has(change)),
  };
}

/** The outcome of one message. */
interface MessageOutcome {
  readonly attempts: number;
  readonly httpStatus: number | null;
  readonly error: DeliveryError | null;
  /** Whether the message may have arrived by any of the attempts. */
  readonly mayHaveArrived: boolean;
}

async function tryMessage(
  receiver: Receiver,
  message: Message,
  { clock, retryPolicy = DELIVERY_RETRY_POLICY }: DeliverOptions,
  budget: TimeBudget,
): Promise<MessageOutcome> {
  let attempts = 0;
  let mayHaveArrived = false;
  try {
    const httpStatus = await retry(
      async (attempt) => {
        attempts = attempt;
        const own = startTimeBudget(ATTEMPT_TIMEOUT_MS, "TIMEOUT", budget);
        try {
          return await receiver.send({ message, nowMs: clock().getTime(), budget: own });
        } catch (error) {
          mayHaveArrived ||= error instanceof DeliveryError && error.mayHaveArrived;
          throw error;
        } finally {
          own.release();
        }
      },
      retryPolicy,
      budget,
    );
    return { attempts, httpStatus, error: null, mayHaveArrived };
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    return { attempts, httpStatus: error.httpStatus, error, mayHaveArrived };
  }
}
