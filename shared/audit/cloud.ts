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

/** What ends the time of a call: its own limit, or the run's. */
export type LimitCode = "TIMEOUT" | "DEADLINE_EXCEEDED";

/** The time that a call may take. */
export interface CallLimit {
  /** The code that ended the call's time; null as long as there is some. */
  readonly endedBy: LimitCode | null;
  /**
   * Has a listener called when the time is up, or at once where it is.
   *
   * @returns stops listening
   */
  onEnd(listener: (code: LimitCode) => void): () => void;
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
