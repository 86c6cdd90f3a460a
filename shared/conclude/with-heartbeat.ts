import type { Summary } from "../audit/report.ts";
import { DeliveryError } from "../notify/delivery-error.ts";
import { ping, type PingOptions, pingStart } from "../notify/heartbeat.ts";
import { describeFailure, type Log, warningEntry } from "./run-log.ts";

export interface HeartbeatOptions extends PingOptions {
  /** The address that is pinged; null for none. */
  readonly address: string | null;
  readonly runId: string;
  readonly log: Log;
}

/**
 * Runs something, and pings its watchdog at the beginning and with the outcome at the end. A ping that
 * fails is logged, and changes nothing.
 *
 * @param run - may call `fail` although it has a result: the outcome in the ping is a failure then
 * @throws what the run throws
 */
export async function withHeartbeat<T extends { readonly summary: Summary }>(
  { address, runId, log, ...options }: HeartbeatOptions,
  run: (fail: () => void) => Promise<T>,
): Promise<T> {
  let failed = false;
  const fail = (): void => void (failed = true);
  if (address === null) return run(fail);
  const start = pingStart(address, runId, options);
  const end = await run(fail).then(
    (result) => ({
      result,
      payload: { runId, outcome: failed ? "failed" : "done", summary: result.summary } as const,
    }),
    (error: unknown) => ({
      error,
      payload: { runId, outcome: "failed", ...describeFailure(error) } as const,
    }),
  );
  // If it arrived after the end, the watchdog would wait for another end.
  start.cancel();
  try {
    await ping(address, end.payload, options);
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    log(warningEntry(runId, `The heartbeat was not taken: ${error.message}`));
  }
  if ("error" in end) throw end.error;
  return end.result;
}
