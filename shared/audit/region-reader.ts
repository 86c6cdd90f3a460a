import type { Evidence, FailureCode } from "./finding.ts";
import type { FlowLog, LogStore, MissingLogStore, NetworkInterface, Vpc } from "./flow-log.ts";

/** What was read, and the exchange that proves it: of a list, the last one. */
export interface Reading<T> {
  readonly value: T;
  readonly evidence: Evidence;
}

/**
 * What rules ask of one region of an account. Each question is put to the cloud once, whichever rules
 * ask it, with retries and within the region's time. Every method rejects with an
 * {@link UnreadableError}, and with nothing else.
 */
export interface RegionReader {
  readonly regionId: string;
  /** Whether the VPC flow log service is activated. */
  isFlowLogServiceActivated(): Promise<Reading<boolean>>;
  /** All VPCs, in no order; those that other accounts share with this one too. */
  vpcs(): Promise<Reading<readonly Vpc[]>>;
  /** All flow logs, in no order. */
  flowLogs(): Promise<Reading<readonly FlowLog[]>>;
  /** All network interfaces, in no order: the longest list, to be asked for only where needed. */
  networkInterfaces(): Promise<Reading<readonly NetworkInterface[]>>;
  /** A log store, or what of it the log service does not know. */
  logStore(projectName: string, logStoreName: string): Promise<Reading<LogStore | MissingLogStore>>;
  /** The audited account; null where it could not be learnt. Never rejects. */
  account(): Promise<AuditedAccount | null>;
}

/** The account whose regions are read. */
export interface AuditedAccount {
  readonly id: string;
  /** Whether the id is that of an earlier run, since STS did not answer: it may be another account. */
  readonly assumed: boolean;
}

/** What a rule asked could not be read, after all attempts. */
export class UnreadableError extends Error {
  override readonly name = "UnreadableError";
  readonly code: FailureCode;
  readonly evidence: Evidence;
  /** Whether the host's name was resolved; undefined where that is not known. */
  readonly hostResolved: boolean | undefined;

  /** @param message - of codes and hosts only, since the text of a server may contain keys */
  constructor(
    code: FailureCode,
    message: string,
    { evidence, hostResolved, ...options }: UnreadableErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.evidence = evidence;
    this.hostResolved = hostResolved;
  }
}

export interface UnreadableErrorOptions extends ErrorOptions {
  readonly evidence: Evidence;
  readonly hostResolved?: boolean | undefined;
}
