import { CallError } from "../audit/call-error.ts";
import type { Answer, CallLimit, Cloud, Page } from "../audit/cloud.ts";
import { type Evidence, type Exchange, NO_EVIDENCE } from "../audit/finding.ts";
import type {
  FlowLog,
  LogStore,
  MissingLogStore,
  NetworkInterface,
  Vpc,
} from "../audit/flow-log.ts";
import {
  type AuditedAccount,
  type Reading,
  type RegionReader,
  UnreadableError,
} from "../audit/region-reader.ts";
import { type AccountGate, RegionGate } from "../retry/region-gate.ts";
import { retry, type RetryPolicy } from "../retry/retry.ts";
import { type PausableBudget, startTimeBudget, type TimeBudget } from "../retry/time-budget.ts";

export interface ReadOptions {
  readonly policy: RetryPolicy;
  /**
   * Milliseconds for the region: all that is asked of it, all attempts and the waits between them, but
   * for those at the gate.
   */
  readonly timeoutMs: number;
  /** Milliseconds for one attempt. */
  readonly attemptTimeoutMs: number;
  readonly deadline: TimeBudget;
  /** Shared by all regions of the account. @default none: calls start at once */
  readonly gate?: AccountGate;
  readonly clock: () => Date;
}

/** Makes one call of a reading, with retries; it may make several. */
type Attempts = <T>(call: (limit: CallLimit) => Promise<Answer<T>>) => Promise<Answer<T>>;

/**
 * Reads one region through the port to the cloud: each question once, however many rules ask it. The
 * region's time begins with the first question.
 */
export class CloudRegionReader implements RegionReader {
  readonly regionId: string;
  readonly account: () => Promise<AuditedAccount | null>;
  readonly #cloud: Cloud;
  readonly #options: ReadOptions;
  #budget: PausableBudget | undefined;
  #gate: RegionGate | undefined;
  #activated: Promise<Reading<boolean>> | undefined;
  #vpcs: Promise<Reading<readonly Vpc[]>> | undefined;
  #flowLogs: Promise<Reading<readonly FlowLog[]>> | undefined;
  #networkInterfaces: Promise<Reading<readonly NetworkInterface[]>> | undefined;
  #logStores: Map<string, Promise<Reading<LogStore | MissingLogStore>>> | undefined;

  constructor(
    cloud: Cloud,
    regionId: string,
    account: () => Promise<AuditedAccount | null>,
    options: ReadOptions,
  ) {
    this.#cloud = cloud;
    this.regionId = regionId;
    this.account = account;
    this.#options = options;
  }

  async isFlowLogServiceActivated(): Promise<Reading<boolean>> {
    // Awaited here: to return the promise would take two more turns, in each of thousands of regions.
    return await (this.#activated ??= this.#read((attempt) =>
      attempt((limit) => this.#cloud.isFlowLogServiceActivated(this.regionId, limit)),
    ));
  }

  async vpcs(): Promise<Reading<readonly Vpc[]>> {
    return (this.#vpcs ??= this.#readPages(
      (pageNumber, limit) => this.#cloud.listVpcs(this.regionId, pageNumber, limit),
      ({ vpcId }) => vpcId,
    ));
  }

  async flowLogs(): Promise<Reading<readonly FlowLog[]>> {
    return (this.#flowLogs ??= this.#readPages(
      (pageNumber, limit) => this.#cloud.listFlowLogs(this.regionId, pageNumber, limit),
      ({ flowLogId }) => flowLogId,
    ));
  }

  async networkInterfaces(): Promise<Reading<readonly NetworkInterface[]>> {
    return (this.#networkInterfaces ??= this.#read(async (attempt) => {
      const { readTokenPages } = await import("./read-pages.ts");
      return readTokenPages(
        (token) =>
          attempt((limit) => this.#cloud.listNetworkInterfaces(this.regionId, token, limit)),
        ({ networkInterfaceId }) => networkInterfaceId,
      );
    }));
  }

  async logStore(
    projectName: string,
    logStoreName: string,
  ): Promise<Reading<LogStore | MissingLogStore>> {
    const logStores = (this.#logStores ??= new Map());
    const key = `${projectName}/${logStoreName}`;
    const asked =
      logStores.get(key) ??
      this.#read((attempt) =>
        attempt((limit) =>
          this.#cloud.getLogStore(this.regionId, projectName, logStoreName, limit),
        ),
      );
    logStores.set(key, asked);
    return asked;
  }

  /** Clears the timer of the region's time. To be called when the rules are evaluated. */
  release(): void {
    this.#budget?.release();
  }

  async #readPages<T>(
    list: (pageNumber: number, limit: CallLimit) => Promise<Answer<Page<T>>>,
    idOf: (item: T) => string,
  ): Promise<Reading<readonly T[]>> {
    return this.#read(async (attempt) => {
      const { readPages } = await import("./read-pages.ts");
      return readPages((pageNumber) => attempt((limit) => list(pageNumber, limit)), idOf);
    });
  }

  async #read<T>(ask: (attempt: Attempts) => Promise<Answer<T>>): Promise<Reading<T>> {
    const { policy, timeoutMs, attemptTimeoutMs, deadline, gate } = this.#options;
    if (deadline.endedBy !== null) {
      const message = "The run's deadline struck before the region was asked.";
      throw new UnreadableError("DEADLINE_EXCEEDED", message, { evidence: NO_EVIDENCE });
    }
    const budget = (this.#budget ??= startTimeBudget(timeoutMs, "TIMEOUT", deadline));
    if (gate !== undefined) this.#gate ??= new RegionGate(gate, budget);
    const startedMs = performance.now();
    let attempts = 0;
    try {
      const { value, exchange } = await ask((call) =>
        retry(
          (_attempt, limit) => {
            // Where the deadline struck before its turn, the call only says so.
            if (limit.endedBy === null) attempts += 1;
            return call(limit);
          },
          policy,
          budget,
          attemptTimeoutMs,
          this.#gate,
        ),
      );
      return { value, evidence: this.#evidenceOf(exchange, attempts, startedMs) };
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      const { code, message, exchange, hostResolved } = error;
      const evidence = this.#evidenceOf(exchange, attempts, startedMs);
      throw new UnreadableError(code, message, { evidence, hostResolved, cause: error });
    }
  }

  #evidenceOf(exchange: Exchange, attempts: number, startedMs: number): Evidence {
    return {
      requestId: exchange.requestId,
      endpoint: exchange.endpoint,
      httpStatus: exchange.httpStatus,
      attempts,
      checkedAt: isoTime(this.#options.clock()),
      durationMs: Math.round(performance.now() - startedMs),
    };
  }
}

let written = { ms: NaN, text: "" };

/** Answers come in bursts, and formatting a time is slow: those of one millisecond share the text. */
function isoTime(time: Date): string {
  const ms = time.getTime();
  if (ms !== written.ms) written = { ms, text: time.toISOString() };
  return written.text;
}
