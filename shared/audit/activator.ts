import type { Answer, CallLimit } from "./cloud.ts";

/** A flow log to create: it records all traffic of a VPC, on all paths. */
export interface NewFlowLog {
  readonly vpcId: string;
  readonly flowLogName: string;
  /** The project of the log service that it delivers to; in the VPC's region. */
  readonly projectName: string;
  readonly logStoreName: string;
}

/**
 * The port through which a region is changed. The audit has no part in it: what it reads, it reads
 * through `Cloud`. Each method makes one attempt; retries are the caller's. Every method rejects with a
 * `CallError`, and with nothing else.
 */
export interface Activator {
  /**
   * Activates the VPC flow log service in a region, which cannot be undone. The service does not allow
   * two such calls at once in an account.
   *
   * @param clientToken - the same for all attempts at a region; ASCII, at most 64 characters
   * @returns `"already-open"` where the service says that it was activated before. The status may
   *   follow later
   */
  openFlowLogService(
    regionId: string,
    clientToken: string,
    limit: CallLimit,
  ): Promise<Answer<"opened" | "already-open">>;
  /**
   * Creates a flow log; it becomes active later. The call has no token, so each one that succeeds
   * creates another flow log.
   *
   * @returns the id of the flow log
   */
  createFlowLog(regionId: string, flowLog: NewFlowLog, limit: CallLimit): Promise<Answer<string>>;
}
