import type { KeyPair } from "./acs3-signature.ts";
import type { ActionAnswer } from "./answer.ts";
import type { Fault } from "./faults.ts";

/** A region as the emulated cloud knows it. */
export interface RegionSeed {
  readonly activated: boolean;
  readonly localName?: string;
  /** For who asks in Chinese. @default `localName` */
  readonly chineseName?: string;
  /** What goes wrong when the region is asked for its flow log service. */
  readonly fault?: Fault;
}

/** Keys, and whose they are: the world's own account and ARN where it is not said. */
export interface KeySeed extends KeyPair {
  readonly accountId?: string;
  readonly arn?: string;
}

/** A role that can be assumed. */
export interface RoleSeed {
  /** Access key ids that its trust policy, and their own policy, allow to assume it. @default all */
  readonly trusts?: readonly string[];
  /** Which id its trust policy asks for. @default none */
  readonly externalId?: string;
  /** What an OIDC token must be to assume it; none where it trusts no provider. */
  readonly oidcToken?: string;
  /** Milliseconds that the session lives, instead of what was asked for. */
  readonly lifetimeMs?: number;
}

/** What the emulated cloud holds. Everything but the regions has a default. */
export interface World {
  readonly regions: Readonly<Record<string, RegionSeed>>;
  readonly keys: readonly KeySeed[];
  /** By ARN, such as `acs:ram::1234567890123456:role/auditor`. */
  readonly roles: Readonly<Record<string, RoleSeed>>;
  readonly accountId: string;
  readonly arn: string;
  /** What goes wrong with the operations that no region answers for. */
  readonly faults: {
    readonly DescribeRegions?: Fault;
    readonly GetCallerIdentity?: Fault;
    readonly AssumeRole?: Fault;
    readonly AssumeRoleWithOIDC?: Fault;
  };
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
  /** Makes keys valid until a time, in milliseconds since the epoch. */
  readonly issue: (key: KeySeed, expiresAtMs: number) => void;
}

/** One action of an API. */
export interface Action {
  readonly version: string;
  /** Whether it is called without a signature. @default false */
  readonly anonymous?: boolean;
  answer(call: ActionCall): ActionAnswer;
  /** The fault that is seeded for this call. */
  faultFor(call: ActionCall): Fault | undefined;
}
