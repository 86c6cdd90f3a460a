import type { Summary } from "../audit/report.ts";
import { DeliveryError } from "../notify/delivery-error.ts";
import { type HeartbeatPayload, ping, type PingOptions, pingStart } from "../notify/heartbeat.ts";
import { describeFailure, type Log, warningEntry } from "./run-log.ts";

export interface HeartbeatOptions extends PingOptions {
  /** The address that is pinged; null for none. */
  readonly address: string | null;
  readonly runId: string;
  readonly log: Log;
}

/** What a run says about itself, for the ping at its end. */
export interface HeartbeatRun {
  /** The outcome is a failure, although the run has a result. */
  readonly fail: () => void;
  /** The report was kept: SHA-256 of its manifest, in hex. */
  readonly kept: (manifestSha256: string) => void;
}

/**
 * Runs something, and pings its watchdog at the beginning and with the outcome at the end. A ping that
 * fails is logged, and changes nothing.
 *
 * @throws what the run throws
 */
export async function withHeartbeat<T extends { readonly summary: Summary }>(
  { address, runId, log, ...options }: HeartbeatOptions,
  run: (ping: HeartbeatRun) => Promise<T>,
): Promise<T> {
  let failed = false;
  let evidence: HeartbeatPayload["evidence"];
  const about: HeartbeatRun = {
    fail: () => void (failed = true),
    kept: (manifestSha256) => void (evidence = { manifestSha256 }),
  };
  if (address === null) return run(about);
  const start = pingStart(address, runId, options);
  const end = await run(about).then(
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
    const payload = { ...end.payload, ...(evidence !== undefined && { evidence }) };
    await ping(address, payload, options);
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    log(warningEntry(runId, `The heartbeat was not taken: ${error.message}`));
  }
  if ("error" in end) throw end.error;
  return end.result;
}
