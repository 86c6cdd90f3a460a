import type { Exchange } from "./finding.ts";
import type { Caller } from "./report.ts";

/** An answer, and the exchange that brought it. */
export interface Answer<T> {
  readonly value: T;
  readonly exchange: Exchange;
}

/** The time that a call may take. */
export interface CallLimit {
  /** Aborted with the code that ends the call, `"TIMEOUT"` or `"DEADLINE_EXCEEDED"`. */
  readonly signal: AbortSignal;
  /** Milliseconds left for the call. */
  remainingMs(): number;
}

/**
 * What the audit asks of the cloud. Each call is made once: retries are the audit's.
 * Every method rejects with a `CallError` and with nothing else.
 */
export interface Cloud {
  /** Whether the VPC flow log service is activated in a region. */
  isFlowLogServiceActivated(regionId: string, limit: CallLimit): Promise<Answer<boolean>>;
  /** The ids of the regions that the account has. */
  listRegionIds(limit: CallLimit): Promise<Answer<readonly string[]>>;
  /** Whose credentials these are, asked of the STS endpoint of a region. */
  identifyCaller(regionId: string, limit: CallLimit): Promise<Answer<Caller>>;
}
