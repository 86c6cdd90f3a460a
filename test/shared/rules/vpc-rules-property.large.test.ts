import * as fc from "fast-check";
import { expect, test } from "vitest";

import { compareIds } from "../../../shared/audit/compare-ids.ts";
import type { FlowLog, NetworkInterface, Vpc } from "../../../shared/audit/flow-log.ts";
import { TRAFFIC_TYPES } from "../../../shared/audit/rule-settings.ts";
import { vpcFlowLogActive } from "../../../shared/rules/vpc-flow-log-active.ts";
import { vpcFlowLogComplete } from "../../../shared/rules/vpc-flow-log-complete.ts";
import { vpcFlowLogDelivered } from "../../../shared/rules/vpc-flow-log-delivered.ts";
import { judgeRegion } from "../../harness/judge-region.ts";
import { ACCOUNT_ID, interfaceOf, logOf, vpcOf } from "../../harness/region-of.ts";
import { modelCode, type ModelRegion, type VpcRuleId } from "./model-of-vpcs.ts";

const RULES = [
  ["vpc-flow-log-active", vpcFlowLogActive],
  ["vpc-flow-log-complete", vpcFlowLogComplete],
  ["vpc-flow-log-delivered", vpcFlowLogDelivered],
] as const satisfies readonly (readonly [VpcRuleId, unknown])[];

const REGIONS = 3_400;
const VPCS_PER_REGION = 6;

const often = <T>(usual: T, ...others: readonly T[]): readonly T[] => [
  ...others.map(() => usual),
  ...others.map(() => usual),
  ...others,
];

/** What a flow log may say of each kind; the usual value is as frequent as it has to be to pass. */
const STATES = often("Active", "Inactive", "Activating", "Odd");
const TYPES = often("All", "Allow", "Drop", "Odd");
const PATHS = often<readonly string[]>(["all"], [], ["vbr"], ["vbr", "all"]);
const DELIVERIES = often<string | undefined>("SUCCESS", "FAILED", undefined, "Odd");
const BUSINESS = often<string | undefined>("Normal", "FinancialLocked", undefined, "Odd");
const OWNERS = often<string | undefined>(undefined, ACCOUNT_ID, "999");
const MAKERS = often<string | undefined>(undefined, "sls");

/** Draws one of several values after another from a number, which is much faster than to draw each. */
function picker(seed: number): <T>(values: readonly T[]) => T {
  let rest = seed;
  return <T>(values: readonly T[]): T => {
    const value = values[rest % values.length];
    rest = Math.floor(rest / values.length);
    return value as T;
  };
}

const drawnVpc = fc.record({
  /** Its shape: vSwitches with interfaces, and its owner. */
  shape: fc.nat(1_000_000),
  /** A number for each flow log. */
  logs: fc.array(fc.nat(0x7fff_ffff), { maxLength: 6 }),
});
type Drawn = typeof drawnVpc extends fc.Arbitrary<infer T> ? T : never;

interface DrawnVpc {
  readonly vpc: Vpc;
  readonly interfaces: readonly NetworkInterface[];
  readonly flowLogs: readonly FlowLog[];
}

function build({ shape, logs }: Drawn, n: number): DrawnVpc {
  const pick = picker(shape);
  const vpcId = `vpc-${n}`;
  const vSwitchIds = [1, 2, 3]
    .slice(0, pick([0, 1, 2, 3]))
    .map((_item, index) => `vsw-${n}-${index}`);
  const interfaces = vSwitchIds.flatMap((vSwitchId, index) =>
    [1, 2]
      .slice(0, pick([0, 1, 2]))
      .map((_item, i) => interfaceOf(`eni-${n}-${index}-${i}`, vSwitchId, vpcId)),
  );
  // One on a vSwitch that the list of VPCs does not name.
  if (pick([false, false, true])) interfaces.push(interfaceOf(`eni-${n}-x`, `vsw-${n}-x`, vpcId));
  const interfaceIds = interfaces.map(({ networkInterfaceId }) => networkInterfaceId);
  const places = [vpcId, ...vSwitchIds, ...interfaceIds, "vsw-elsewhere", "eni-elsewhere"];
  const flowLogs = logs.map((seed, index) => {
    const pickOf = picker(seed);
    // Half of the flow logs are on vSwitches, so that these often cover the VPC without one on it.
    const among = pickOf([true, false]) && vSwitchIds.length > 0 ? vSwitchIds : places;
    return logOf(`fl-${n}-${index}`, pickOf(among), {
      status: pickOf(STATES),
      trafficType: pickOf(TYPES),
      trafficPaths: pickOf(PATHS),
      deliverStatus: pickOf(DELIVERIES),
      businessStatus: pickOf(BUSINESS),
      serviceType: pickOf(MAKERS),
    });
  });
  return { vpc: vpcOf(vpcId, vSwitchIds, { ownerId: pick(OWNERS) }), interfaces, flowLogs };
}

const drawnRegion = fc.record({
  vpcs: fc.array(drawnVpc, { minLength: VPCS_PER_REGION, maxLength: VPCS_PER_REGION }),
  interfacesReadable: fc.constantFrom(...often(true, false)),
  accountId: fc.constantFrom(...often<string | null>(ACCOUNT_ID, null)),
  least: fc.constantFrom(...TRAFFIC_TYPES),
});

test("the rules about VPCs agree with the model, whatever flow logs there are", async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(drawnRegion, async ({ vpcs: drawn, least, ...rest }) => {
      const built = drawn.map(build);
      const region: ModelRegion = {
        ...rest,
        vpcs: built.map(({ vpc }) => vpc),
        flowLogs: built.flatMap(({ flowLogs }) => flowLogs),
        interfaces: built.flatMap(({ interfaces }) => interfaces),
      };
      const content = {
        ...region,
        interfaces: region.interfacesReadable ? region.interfaces : ("ACCESS_DENIED" as const),
      };
      const settings = { "vpc-flow-log-complete": { trafficType: least } };
      const sorted = region.vpcs.toSorted((a, b) => compareIds(a.vpcId, b.vpcId));
      for (const [ruleId, rule] of RULES) {
        const { verdicts } = await judgeRegion(rule, content, settings);
        const expected = sorted.map(
          (vpc) => `${vpc.vpcId} ${modelCode(ruleId, region, vpc, least)}`,
        );
        const codes = verdicts.map(({ resource, reason }) => `${resource?.id} ${reason.code}`);
        expect(codes.join()).toBe(expected.join());
        for (const { reason } of verdicts) {
          const key = `${ruleId} ${reason.code}`;
          seen.set(key, (seen.get(key) ?? 0) + 1);
        }
      }
    }),
    { numRuns: REGIONS },
  );
  const codes = RULES.flatMap(([ruleId, rule]) =>
    Object.keys(rule.reasons)
      .filter((code) => code !== "NO_RESOURCES")
      .map((code) => `${ruleId} ${code}`),
  );
  const rare = codes.filter((key) => (seen.get(key) ?? 0) < 50);
  expect(rare).toEqual([]);
});
