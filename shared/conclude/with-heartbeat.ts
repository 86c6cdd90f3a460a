import type { Summary } from "../audit/report.ts";
import { DeliveryError } from "../notify/delivery-error.ts";
import { ping } from "../notify/heartbeat.ts";
import { type Log, warningEntry } from "../run-log.ts";
import type { TimeBudget } from "../time-budget.ts";

export interface HeartbeatOptions {
  /** What is pinged; null for nothing. */
  readonly address: string | null;
  readonly runId: string;
  readonly log: Log;
  /** The time of the whole run, where that is limited. */
  readonly within?: TimeBudget | undefined;
}

/**
 * Does a run, and tells its watchdog how it ended. That the watchdog cannot be told is logged and
 * changes nothing.
 *
 * @param run - may report that it failed although it has a result: then the watchdog is told so
 * @throws what the run throws
 */
export async function withHeartbeat<T extends { readonly summary: Summary }>(
  { address, runId, log, within }: HeartbeatOptions,
  run: (fail: () => void) => Promise<T>,
): Promise<T> {
  let failed = false;
  const fail = (): void => void (failed = true);
  if (address === null) return run(fail);
  const end = await run(fail).then(
    (result) => ({
      result,
      life: { runId, outcome: failed ? "failed" : "done", summary: result.summary } as const,
    }),
    (error: unknown) => ({ error, life: { runId, outcome: "failed" } as const }),
  );
  try {
    await ping(address, end.life, within);
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    log(warningEntry(runId, `The heartbeat was not taken: ${error.message}`));
  }
  if ("error" in end) throw end.error;
  return end.result;
}
