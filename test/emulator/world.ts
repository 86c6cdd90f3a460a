import type { KeyPair } from "./acs3-signature.ts";
import type { ActionAnswer } from "./answer.ts";
import type { ComplianceResults } from "./compliance-results.ts";
import type { DirectorySeed } from "./directory-seed.ts";
import type { Fault } from "./faults.ts";
import type { RecordedRequest } from "./recorded-request.ts";
import type { TrailEventSeed } from "./trail-seed.ts";

/** A VPC of the emulated cloud. */
export interface VpcSeed {
  readonly vpcId: string;
  readonly name?: string;
  /** @default the account that asks */
  readonly ownerId?: string;
  /** @default none */
  readonly vSwitchIds?: readonly string[];
  /** @default false */
  readonly enabledIpv6?: boolean;
}

/** A flow log of the emulated cloud; as the VPC API writes its values. */
export interface FlowLogSeed {
  readonly flowLogId: string;
  readonly resourceType: string;
  readonly resourceId: string;
  /** @default "Active" */
  readonly status?: string;
  /** @default "All" */
  readonly trafficType?: string;
  /** @default ["all"] */
  readonly trafficPaths?: readonly string[];
  /** @default "IPv4" */
  readonly ipVersion?: string;
  /** @default "Normal" */
  readonly businessStatus?: string;
  /** Null for an absent one. @default "SUCCESS" */
  readonly deliverStatus?: string | null;
  readonly deliverError?: string;
  /** `sls` where the log service made it. @default "" */
  readonly serviceType?: string;
  /** @default "flow-logs" */
  readonly projectName?: string;
  /** @default "vpc" */
  readonly logStoreName?: string;
}

/** A network interface of the emulated cloud. */
export interface NetworkInterfaceSeed {
  readonly networkInterfaceId: string;
  readonly vpcId: string;
  readonly vSwitchId: string;
}

/** A region of the emulated cloud. */
export interface RegionSeed {
  readonly activated: boolean;
  readonly localName?: string;
  /** In Chinese. @default `localName` */
  readonly chineseName?: string;
  /** The fault of the region's flow log service. */
  readonly fault?: Fault;
  /** @default none */
  readonly vpcs?: readonly VpcSeed[];
  /** @default none */
  readonly flowLogs?: readonly FlowLogSeed[];
  /** @default none */
  readonly networkInterfaces?: readonly NetworkInterfaceSeed[];
  /**
   * Days for which log stores keep logs, by `project/logstore`. A project without a log store is not
   * there. @default none
   */
  readonly logStores?: Readonly<Record<string, number>>;
  /** The read of the status, counted from the activation, that first says activated. @default 1 */
  readonly readsUntilActivated?: number;
  /** Reads that are left until the status says activated; set by the activation. */
  readonly readsLeft?: number;
  /**
   * Set where somebody else activates the service just before `OpenFlowLogService`: how the service then
   * answers that it is open. @default nobody does
   */
  readonly openedMeanwhile?: "purchase-limit" | "server-error";
  /** Error codes with which `CreateFlowLog` refuses VPCs, by their ids. @default none */
  readonly flowLogRefusals?: Readonly<Record<string, string>>;
  /** Faults of the region's other operations, by action, such as `DescribeVpcs` or `GetLogStore`. */
  readonly faults?: Readonly<Record<string, Fault>>;
}

/** Keys and their owner, by default the world's own account and ARN. */
export interface KeySeed extends KeyPair {
  readonly accountId?: string;
  readonly arn?: string;
}

/** A role that can be assumed. */
export interface RoleSeed {
  /**
   * Access key ids, or ARNs of their owners, that its trust policy and their own policy allow to assume it.
   *
   * @default all but an account's root key
   */
  readonly trusts?: readonly string[];
  /** The external id in its trust policy. @default none */
  readonly externalId?: string;
  /** The OIDC token that may assume it; none where it trusts no provider. */
  readonly oidcToken?: string;
  /** Lifetime of the session in milliseconds, in place of the requested one. */
  readonly lifetimeMs?: number;
  /**
   * Milliseconds after which the keys of a session are refused, whatever its expiry says: as where clocks
   * differ, or the session was revoked. @default its lifetime
   */
  readonly refusedAfterMs?: number;
  /** The account whose session is issued by mistake. @default that of the role */
  readonly sessionOf?: string;
}

/** A role that has the same name in every account but those that refuse. */
export interface MemberRoleSeed extends RoleSeed {
  /** For example `flowlog-guard-audit`. */
  readonly roleName: string;
  /** The error code with which an account's role is refused; null where it is not. @default never */
  readonly refused?: (accountId: string) => string | null;
}

/** An account of the emulated cloud, where it differs from the others. */
export interface AccountSeed {
  /** By id. @default those of the world */
  readonly regions?: Readonly<Record<string, RegionSeed>>;
  /** See `World`. @default that of the world */
  readonly callsPerSecond?: number;
  /** See `World`. @default that of the world */
  readonly burst?: number;
  /** Faults of the account's operations in any region, by action. @default those of the region */
  readonly faults?: Readonly<Record<string, Fault>>;
}

/** A call about which a fault is decided. */
export interface AskedCall {
  readonly action: string;
  /** The account whose key signed the call. */
  readonly accountId: string;
  /** Empty where the call names none. */
  readonly regionId: string;
}

/** The contents of the emulated cloud. Everything but the regions has a default. */
export interface World {
  readonly regions: Readonly<Record<string, RegionSeed>>;
  readonly keys: readonly KeySeed[];
  /** By ARN, such as `acs:ram::1234567890123456:role/auditor`. */
  readonly roles: Readonly<Record<string, RoleSeed>>;
  /** A role of every account; one in `roles` goes before it. @default none */
  readonly memberRoles?: MemberRoleSeed;
  /** Whose the first key is, and every other key that does not say. */
  readonly accountId: string;
  readonly arn: string;
  /** Faults of operations that are not about one region. */
  readonly faults: {
    readonly DescribeRegions?: Fault;
    readonly GetCallerIdentity?: Fault;
    readonly AssumeRole?: Fault;
    readonly AssumeRoleWithOIDC?: Fault;
    readonly ListAccounts?: Fault;
    readonly GetResourceDirectory?: Fault;
    readonly LookupEvents?: Fault;
    readonly PutEvaluations?: Fault;
  };
  /** The accounts that differ from the world, by id. @default none */
  readonly accounts?: Readonly<Record<string, AccountSeed>>;
  /** Null where the account is in no resource directory. @default null */
  readonly directory?: DirectorySeed | null;
  /**
   * Calls a second that an account has for VPC and ECS together, as a token bucket; what is beyond them is
   * answered with `Throttling.User`. @default unlimited
   */
  readonly callsPerSecond?: number;
  /** Calls that an account can make at once before it is throttled. @default `callsPerSecond` */
  readonly burst?: number;
  /** AssumeRole calls a second of an account with everybody in it. @default unlimited */
  readonly assumeRolesPerSecond?: number;
  /** What ActionTrail recorded, by the account. @default nothing */
  readonly trail?: Readonly<Record<string, readonly TrailEventSeed[]>>;
  /** The time of ActionTrail, in milliseconds since the epoch. @default that of the machine */
  readonly now?: () => number;
  /** LookupEvents calls a second that an account has, and at once. @default unlimited */
  readonly lookUpsPerSecond?: number;
  /** The fault of a call; it goes before all other faults. @default none */
  readonly faultOf?: (call: AskedCall) => Fault | undefined;
  /** Whether requests are kept; many would take memory. `counts` is there without. @default true */
  readonly recordRequests?: boolean;
  /**
   * Called for each request before it is answered. A list of a region that it changes is another one from
   * then on, also for the next page.
   */
  readonly onRequest?: (request: RecordedRequest) => void;
}

export const DEFAULT_WORLD: Omit<World, "regions"> = {
  keys: [{ accessKeyId: "LTAI5tEmulatorKey", accessKeySecret: "emulator-secret-f3a9" }],
  accountId: "1234567890123456",
  arn: "acs:ram::1234567890123456:user/auditor",
  roles: {},
  faults: {},
};

/** One call, after its signature was verified. */
export interface ActionCall {
  readonly world: World;
  readonly query: URLSearchParams;
  /** What was sent as a form. */
  readonly form: URLSearchParams;
  /** The keys that signed the call; undefined where it is not signed. */
  readonly key: KeySeed | undefined;
  /** The account that signed the call, by default the world's. */
  readonly accountId: string;
  /** The regions of that account. */
  readonly regions: Readonly<Record<string, RegionSeed>>;
  /** Makes keys valid until a time, in milliseconds since the epoch. */
  readonly issue: (key: KeySeed, expiresAtMs: number) => void;
  /** Changes a region of the account. */
  readonly change: (regionId: string, changes: Partial<RegionSeed>) => void;
  /** What Cloud Config keeps. */
  readonly compliance: ComplianceResults;
}

/** One action of an API. */
export interface Action {
  readonly version: string;
  /** Whether it is called without a signature. @default false */
  readonly anonymous?: boolean;
  /** Whether it changes the world; a call that a fault refuses then has no effect. @default false */
  readonly changes?: boolean;
  answer(call: ActionCall): ActionAnswer;
  /** The fault that is seeded for this call. @default that of the action in the region */
  faultFor?(call: ActionCall): Fault | undefined;
}
