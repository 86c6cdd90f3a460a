import { expect, test } from "vitest";

import { carryOutPlan } from "../../../shared/enable/carry-out-plan.ts";
import type { EntryOutcome, Plan, PlanEntry } from "../../../shared/enable/plan.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { changeEmulator } from "../../harness/change-emulator.ts";

const CLOSED: RegionSeed = { activated: false, vpcs: [{ vpcId: "vpc-1" }] };

/** The activation of a region, and a flow log in it. */
function entriesOf(regionId: string): PlanEntry[] {
  const about = { accountId: "1", regionId };
  return [
    {
      ...about,
      action: "activate-flow-log-service",
      cost: "free",
      reversible: false,
      termsUrl: "https://example.com/terms",
    },
    {
      ...about,
      action: "create-flow-log",
      resource: { type: "ACS::VPC::VPC", id: "vpc-1" },
      projectName: "flow-logs",
      logStoreName: "vpc",
      cost: "by-volume",
      reversible: true,
    },
  ];
}

const PLAN: Plan = {
  accountId: "1",
  entries: [...entriesOf("cn-a"), ...entriesOf("cn-b")],
  notChanged: [],
};

async function carryOut(
  emulator: Emulator,
  stop: AbortSignal,
  onOutcome: (entry: EntryOutcome) => void = () => {},
) {
  const outcomes = await changeEmulator(
    emulator,
    (context) =>
      carryOutPlan(PLAN, context, {
        newClientToken: () => crypto.randomUUID(),
        onOutcome: async (entry) => onOutcome(entry),
      }),
    { stop },
  );
  return outcomes.map(({ regionId, action, outcome, reason }) =>
    `${regionId} ${action}: ${outcome} ${reason?.code ?? ""}`.trimEnd(),
  );
}

function creationsIn({ requests }: Emulator, region: string) {
  return requests.filter(
    ({ action, regionId }) => action === "CreateFlowLog" && regionId === region,
  );
}

test("creates no flow log in a region that could not be activated; the others go on", async () => {
  const faults = { OpenFlowLogService: { kind: "denied" } } as const;
  await using emulator = await startEmulator({
    regions: { "cn-a": { ...CLOSED, faults }, "cn-b": CLOSED },
  });
  expect(await carryOut(emulator, new AbortController().signal)).toEqual([
    "cn-a activate-flow-log-service: failed ACCESS_DENIED",
    "cn-a create-flow-log: skipped NOT_ACTIVATED",
    "cn-b activate-flow-log-service: done",
    "cn-b create-flow-log: done",
  ]);
  expect(creationsIn(emulator, "cn-a")).toEqual([]);
});

test("begins nothing once the user asked to stop, and asks the cloud nothing more", async () => {
  await using emulator = await startEmulator({ regions: { "cn-a": CLOSED, "cn-b": CLOSED } });
  const stop = new AbortController();
  let requestsThen = 0;
  const outcomes = await carryOut(emulator, stop.signal, () => {
    if (!stop.signal.aborted) requestsThen = emulator.requests.length;
    stop.abort();
  });
  expect(outcomes).toEqual([
    "cn-a activate-flow-log-service: done",
    "cn-a create-flow-log: skipped INTERRUPTED",
    "cn-b activate-flow-log-service: skipped INTERRUPTED",
    "cn-b create-flow-log: skipped INTERRUPTED",
  ]);
  expect(emulator.requests).toHaveLength(requestsThen);
});
