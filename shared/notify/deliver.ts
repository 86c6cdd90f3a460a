import type { Alert } from "../audit/alert.ts";
import { retry, type RetryPolicy } from "../retry.ts";
import { startTimeBudget, type TimeBudget } from "../time-budget.ts";
import { DeliveryError, type DeliveryFailureCode } from "./delivery-error.ts";
import type { Receiver } from "./receiver.ts";

/** Three attempts with waits of up to 1 and 2 s, or as the receiver asks. */
export const DELIVERY_RETRY_POLICY: RetryPolicy = {
  maxAttempts: 3,
  baseDelayMs: 1_000,
  maxDelayMs: 10_000,
};

const DELIVERY_TIMEOUT_MS = 25_000;
const ATTEMPT_TIMEOUT_MS = 8_000;

/** What became of an alert at one receiver. Holds no address but the host. */
export interface Delivery {
  readonly type: string;
  readonly host: string;
  readonly status: "delivered" | "failed";
  readonly attempts: number;
  readonly httpStatus: number | null;
  /** Null where the alert was delivered. */
  readonly error: { readonly code: DeliveryFailureCode; readonly message: string } | null;
}

export interface DeliverOptions {
  readonly alert: Alert;
  /** When the run ended; ISO 8601, UTC. */
  readonly at: string;
  readonly clock: () => Date;
  /** The time of the whole run, where that is limited; a delivery takes 25 s at most. */
  readonly within?: TimeBudget | undefined;
  /** @default {@link DELIVERY_RETRY_POLICY} */
  readonly retryPolicy?: RetryPolicy;
}

/** Delivers an alert to all receivers side by side; none hinders another. */
export async function deliver(
  receivers: readonly Receiver[],
  options: DeliverOptions,
): Promise<Delivery[]> {
  return Promise.all(receivers.map((receiver) => deliverTo(receiver, options)));
}

async function deliverTo(receiver: Receiver, options: DeliverOptions): Promise<Delivery> {
  const { alert, at, clock, retryPolicy = DELIVERY_RETRY_POLICY } = options;
  const budget = startTimeBudget(DELIVERY_TIMEOUT_MS, "TIMEOUT", options.within);
  const { type, host } = receiver;
  let attempts = 0;
  try {
    const httpStatus = await retry(
      async (attempt) => {
        attempts = attempt;
        const attemptBudget = startTimeBudget(ATTEMPT_TIMEOUT_MS, "TIMEOUT", budget);
        const { signal } = attemptBudget;
        try {
          return await receiver.send({ alert, at, nowMs: clock().getTime(), signal });
        } finally {
          attemptBudget.release();
        }
      },
      retryPolicy,
      budget,
    );
    return { type, host, status: "delivered", attempts, httpStatus, error: null };
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    const { code, message, httpStatus } = error;
    return { type, host, status: "failed", attempts, httpStatus, error: { code, message } };
  } finally {
    budget.release();
  }
}
