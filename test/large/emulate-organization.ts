import process from "node:process";

import { startEmulator } from "../emulator/emulator.ts";
import type { Fault } from "../emulator/faults.ts";
import { organizationOf } from "../emulator/organization.ts";
import { mostWithin } from "../emulator/traffic.ts";
import type { AskedCall, RegionSeed, World } from "../emulator/world.ts";
import {
  accountIdsOf,
  EXTERNAL_ID,
  hangs,
  isActivated,
  type OrganizationModel,
  refusesRole,
  regionIdsOf,
  ROLE_NAME,
  throttlesOnce,
} from "./organization-model.ts";
import type { OrganizationOrder, OrganizationTraffic } from "./start-organization.ts";

/** The emulator of an organization, in a process of its own, so that its work is not measured. */
process.once("message", (order: OrganizationOrder) => void start(order));

/** Temporary, like those of a function's role. */
const KEY = {
  accessKeyId: "STS.NTemulatedFunction",
  accessKeySecret: "emulated-secret-8c1f52",
  securityToken: "emulated-token-77b0a9",
};

async function start({ model, sessionMs, slowMs, roleFault }: OrganizationOrder): Promise<void> {
  const emulator = await startEmulator({
    ...worldOf(model, slowMs),
    ...organizationOf({
      memberCount: model.accounts - 1,
      managementAccountId: String(accountIdsOf(model).at(-1)),
      roleName: ROLE_NAME,
      externalId: EXTERNAL_ID,
      ...(sessionMs !== undefined && { refusedAfterMs: sessionMs }),
      refused: (accountId) =>
        refusesRole(model, accountIdsOf(model).indexOf(accountId)) ? "NoPermission" : null,
    }),
    keys: [KEY],
    ...(roleFault !== undefined && { faults: { AssumeRole: roleFault } }),
    recordRequests: false,
  });
  const { endpoint, counts, assumeRoleTimesMs } = emulator;
  let reported = 0;
  process.on("message", () => {
    const timesMs = assumeRoleTimesMs.slice(reported);
    reported = assumeRoleTimesMs.length;
    const traffic: OrganizationTraffic = {
      roleCalls: timesMs.length,
      mostRoleCallsInASecond: mostWithin(timesMs, 1_000),
      byAction: Object.fromEntries(counts.byAction),
    };
    process.send?.(traffic);
  });
  process.send?.({ endpoint, key: KEY });
  process.once("disconnect", () => void emulator.stop());
}

/** The regions of all accounts and their faults. */
function worldOf(
  model: OrganizationModel,
  slowMs = 0,
): Pick<World, "regions" | "accounts" | "faultOf"> {
  const accountIds = accountIdsOf(model);
  const regionIds = regionIdsOf(model);
  const accountOf = new Map(accountIds.map((id, index) => [id, index]));
  const regionOf = new Map(regionIds.map((id, index) => [id, index]));
  const throttled = new Set<string>();
  const faultOf = ({ action, accountId, regionId }: AskedCall): Fault | undefined => {
    const [account, region] = [accountOf.get(accountId), regionOf.get(regionId)];
    if (action !== "GetFlowLogServiceStatus" || account === undefined || region === undefined) {
      return undefined;
    }
    if (hangs(model, region)) return { kind: "hang" };
    const call = `${account} ${region}`;
    if (throttlesOnce(model, account, region) && !throttled.has(call)) {
      throttled.add(call);
      return { kind: "throttled" };
    }
    return slowMs > 0 ? { kind: "slow", ms: slowMs } : undefined;
  };
  const regionsOf = (account: number): Readonly<Record<string, RegionSeed>> =>
    Object.fromEntries(
      regionIds.map((id, region) => [id, { activated: isActivated(model, account, region) }]),
    );
  return {
    regions: regionsOf(0),
    accounts: Object.fromEntries(
      accountIds.map((id, account) => [id, { regions: regionsOf(account) }]),
    ),
    faultOf,
  };
}
