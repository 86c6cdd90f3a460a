/** A VPC of a region, as far as rules about flow logs need it. */
export interface Vpc {
  readonly vpcId: string;
  /** What its owner calls it: text from outside. Undefined where it has no name. */
  readonly name: string | undefined;
  /**
   * The account that owns it: another than the audited one where the VPC is shared with it. Undefined
   * where the service does not say. Rounded beyond 2^53: to be compared by {@link isOwnedBy}.
   */
  readonly ownerId: string | undefined;
  /** Undefined where the service does not say. */
  readonly vSwitchIds: readonly string[] | undefined;
  readonly enabledIpv6: boolean;
}

/**
 * Whether a VPC is an account's own. The service writes the owner as a number, which is rounded beyond
 * 2^53, so that such ids are compared as numbers.
 *
 * @returns true also where the service does not say who owns it
 */
export function isOwnedBy({ ownerId }: Vpc, accountId: string): boolean {
  if (ownerId === undefined || ownerId === accountId) return true;
  const number = Number(ownerId);
  const isRounded = number > Number.MAX_SAFE_INTEGER && String(number) === ownerId;
  return isRounded && number === Number(accountId);
}

/**
 * A flow log. What the service says of its state is text as it came: a value that is not documented
 * says neither yes nor no.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-describeflowlogs
 */
export interface FlowLog {
  readonly flowLogId: string;
  /** What it records. Documented: `VPC`, `VSwitch`, `NetworkInterface`. */
  readonly resourceType: string;
  readonly resourceId: string;
  /** Documented: `Active`, `Activating`, `Inactive`, `Modifying`. */
  readonly status: string;
  /** Documented: `All`, `Allow`, `Drop`. Empty where the service does not say. */
  readonly trafficType: string;
  /** `all`, or the paths that alone are recorded; empty where the service does not say, which is all. */
  readonly trafficPaths: readonly string[];
  /** Documented: `IPv4`. */
  readonly ipVersion: string | undefined;
  /** Documented: `Normal`, and `FinancialLocked` while bills are unpaid. */
  readonly businessStatus: string | undefined;
  /** Documented: `SUCCESS`, `FAILED`. Undefined for new flow logs and for old ones. */
  readonly deliverStatus: string | undefined;
  /** Documented: `UnavaliableTarget` (sic), `ProjectNotExist`, `UnknownError`. */
  readonly deliverError: string | undefined;
  /** `sls` where the log service made it, which alone can change it then. */
  readonly serviceType: string | undefined;
  /** The project of the log service that it delivers to; undefined where the name is none. */
  readonly projectName: string | undefined;
  /** The log store in the project; undefined where the name is none. */
  readonly logStoreName: string | undefined;
}

/** Whether a flow log is known to be active; one that is being activated or changed is not. */
export function isActive({ status }: Pick<FlowLog, "status">): boolean {
  return status === "Active";
}

/** A network interface: of an instance, a load balancer, a container or another service. */
export interface NetworkInterface {
  readonly networkInterfaceId: string;
  readonly vpcId: string;
  readonly vSwitchId: string;
}

/** A log store of the log service. */
export interface LogStore {
  /** Days for which logs are kept; {@link KEPT_FOR_EVER} for ever. */
  readonly ttlDays: number;
  /** Its other settings; absent where not all of them are known. */
  readonly settings?: LogStoreSettings;
}

/** Settings of a log store beside its retention; undefined where the service does not name one. */
export interface LogStoreSettings {
  readonly appendMeta: boolean | undefined;
  readonly autoSplit: boolean | undefined;
  readonly enableTracking: boolean | undefined;
  readonly hotTtlDays: number | undefined;
  readonly infrequentAccessTtlDays: number | undefined;
  readonly maxSplitShard: number | undefined;
  readonly mode: string | undefined;
  readonly shardCount: number | undefined;
}

/** What is not there where a log store is missing: the log store alone, or its project too. */
export type MissingLogStore = "no-log-store" | "no-project";

/** The number of days by which the log service means for ever. */
export const KEPT_FOR_EVER = 3_650;
