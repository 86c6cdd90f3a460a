import type { Exchange } from "./finding.ts";
import type { FlowLog, LogStore, MissingLogStore, NetworkInterface, Vpc } from "./flow-log.ts";
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

/** Items on a page of a list: the most that the VPC API gives. */
export const PAGE_SIZE = 50;

/** A page of a list that is asked for by the number of the page. */
export interface Page<T> {
  readonly items: readonly T[];
  /** The number of items of the whole list, when the page was read. */
  readonly totalCount: number;
}

/** A page of a list that is asked for by a token, which the page before it has. */
export interface TokenPage<T> {
  readonly items: readonly T[];
  /** Null on the last page. */
  readonly nextToken: string | null;
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
   * Lists a page of a region's VPCs, of {@link PAGE_SIZE} items but for the last.
   *
   * @param pageNumber - from 1
   */
  listVpcs(regionId: string, pageNumber: number, limit: CallLimit): Promise<Answer<Page<Vpc>>>;
  /**
   * Lists a page of a region's flow logs, of {@link PAGE_SIZE} items but for the last.
   *
   * @param pageNumber - from 1
   */
  listFlowLogs(
    regionId: string,
    pageNumber: number,
    limit: CallLimit,
  ): Promise<Answer<Page<FlowLog>>>;
  /**
   * Lists a page of a region's network interfaces.
   *
   * @param token - that of the page before; null for the first page
   */
  listNetworkInterfaces(
    regionId: string,
    token: string | null,
    limit: CallLimit,
  ): Promise<Answer<TokenPage<NetworkInterface>>>;
  /** A log store of a region, or what of it is not there. */
  getLogStore(
    regionId: string,
    projectName: string,
    logStoreName: string,
    limit: CallLimit,
  ): Promise<Answer<LogStore | MissingLogStore>>;
  /**
   * The owner of the credentials.
   *
   * @param regionId - the region whose STS endpoint is asked; null for the global endpoint
   */
  identifyCaller(regionId: string | null, limit: CallLimit): Promise<Answer<Caller>>;
}
