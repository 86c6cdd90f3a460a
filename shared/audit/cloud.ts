import type { Exchange } from "./finding.ts";
import type { Caller } from "./report.ts";

/** An answer, and the exchange that brought it. */
export interface Answer<T> {
  readonly value: T;
  readonly exchange: Exchange;
}

/** A region that the account has. */
export interface Region {
  readonly regionId: string;
  /** What the cloud calls it, in the language that was asked for: text from outside. */
  readonly localName?: string | undefined;
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
  /** The regions that the account has. */
  listRegions(limit: CallLimit): Promise<Answer<readonly Region[]>>;
  /** Whose credentials these are, asked of the STS endpoint of a region; null for the global one. */
  identifyCaller(regionId: string | null, limit: CallLimit): Promise<Answer<Caller>>;
}
