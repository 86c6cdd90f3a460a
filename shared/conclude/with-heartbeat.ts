import type { Summary } from "../audit/report.ts";
import { DeliveryError } from "../notify/delivery-error.ts";
import { ping, type PingOptions, pingStart } from "../notify/heartbeat.ts";
import { describeFailure, type Log, warningEntry } from "./run-log.ts";

export interface HeartbeatOptions extends PingOptions {
  /** What is pinged; null for nothing. */
  readonly address: string | null;
  readonly runId: string;
  readonly log: Log;
}

/**
 * Does a run, and tells its watchdog that it begins and how it ended. That the watchdog cannot be
 * told of the end is logged, and changes nothing.
 *
 * @param run - may report that it failed although it has a result: then the watchdog is told so
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
      life: { runId, outcome: failed ? "failed" : "done", summary: result.summary } as const,
    }),
    (error: unknown) => ({
      error,
      life: { runId, outcome: "failed", ...describeFailure(error) } as const,
    }),
  );
  // Were it to arrive after the end, the watchdog would wait for another one.
  start.cancel();
  try {
    await ping(address, end.life, options);
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    log(warningEntry(runId, `The heartbeat was not taken: ${error.message}`));
  }
  if ("error" in end) throw end.error;
  return end.result;
}
