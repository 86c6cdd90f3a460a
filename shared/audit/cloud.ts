import type { Exchange } from "./finding.ts";
import type { Caller } from "./report.ts";

/** An answer of the cloud, and the exchange that is its evidence. */
export interface Answer<T> {
  readonly value: T;
  readonly exchange: Exchange;
}

/** A region that the account has. */
export interface Region {
  readonly regionId: string;
  /** Its name in the language that was asked for: text from outside. */
  readonly localName?: string | undefined;
}

/** Which limit ended a call: its own, or the run's. */
export type LimitCode = "TIMEOUT" | "DEADLINE_EXCEEDED";

/** The time that a call may take. */
export interface CallLimit {
  /** The limit that was reached; null while there is time left. */
  readonly endedBy: LimitCode | null;
  /**
   * Calls a function when the limit is reached, or at once where it has been.
   *
   * @returns removes the function again
   */
  onEnd(callback: (code: LimitCode) => void): () => void;
  /** Milliseconds left for the call. */
  remainingMs(): number;
}

/**
 * The port to the cloud. Each method makes one attempt; retries are the caller's. Every method rejects
 * with a `CallError`, and with nothing else.
 */
export interface Cloud {
  /** Whether the VPC flow log service is activated in a region. */
  isFlowLogServiceActivated(regionId: string, limit: CallLimit): Promise<Answer<boolean>>;
  /** Lists the regions that the account has. */
  listRegions(limit: CallLimit): Promise<Answer<readonly Region[]>>;
  /**
   * The owner of the credentials.
   *
   * @param regionId - the region whose STS endpoint is asked; null for the global endpoint
   */
  identifyCaller(regionId: string | null, limit: CallLimit): Promise<Answer<Caller>>;
}
