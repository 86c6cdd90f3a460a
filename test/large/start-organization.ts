import { fork } from "node:child_process";

import { ROOT } from "../../scripts/bundle.ts";
import { answerOf } from "../bench/answer-of.ts";
import type { Fault } from "../emulator/faults.ts";
import type { KeySeed } from "../emulator/world.ts";
import { EXTERNAL_ID, type OrganizationModel, ROLE_NAME } from "./organization-model.ts";

/** The organization to emulate. */
export interface OrganizationOrder {
  readonly model: OrganizationModel;
  /** When the sessions of roles are refused as expired, in milliseconds. @default when they say */
  readonly sessionMs?: number;
  /** How long each answer about a region takes, in milliseconds. @default 0 */
  readonly slowMs?: number;
  /** What happens to every call of AssumeRole. @default nothing */
  readonly roleFault?: Fault;
}

/** What an emulator was asked since it started, or since it was asked for this. */
export interface OrganizationTraffic {
  readonly roleCalls: number;
  readonly mostRoleCallsInASecond: number;
  /** Since it started. */
  readonly byAction: Readonly<Record<string, number>>;
}

/** An organization on loopback, in another process. */
export interface EmulatedOrganization extends AsyncDisposable {
  readonly endpoint: string;
  readonly key: KeySeed;
  /** What points a process at it, without keys. */
  readonly env: Readonly<Record<string, string>>;
  /** What it was asked since the last time. */
  traffic(): Promise<OrganizationTraffic>;
}

/** Starts the emulator of an organization in a process of its own. */
export async function startOrganization(order: OrganizationOrder): Promise<EmulatedOrganization> {
  const child = fork("test/large/emulate-organization.ts", {
    execArgv: ["--import", "tsx"],
    cwd: ROOT,
  });
  child.send(order);
  const { endpoint, key } = await answerOf<Pick<EmulatedOrganization, "endpoint" | "key">>(child);
  return {
    endpoint,
    key,
    env: {
      FLOWLOG_GUARD_VPC_ENDPOINT: endpoint,
      FLOWLOG_GUARD_STS_ENDPOINT: endpoint,
      FLOWLOG_GUARD_RESOURCE_DIRECTORY_ENDPOINT: endpoint,
      FLOWLOG_GUARD_ORGANIZATION_ROLE: ROLE_NAME,
      FLOWLOG_GUARD_EXTERNAL_ID: EXTERNAL_ID,
    },
    async traffic() {
      child.send("traffic");
      return answerOf<OrganizationTraffic>(child);
    },
    async [Symbol.asyncDispose]() {
      child.kill();
    },
  };
}
