import * as fc from "fast-check";
import { expect, test } from "vitest";

import type { FlowLog, Vpc } from "../../../shared/audit/flow-log.ts";
import type { Report } from "../../../shared/audit/report.ts";
import { DEFAULT_RULE_SETTINGS, TRAFFIC_TYPES } from "../../../shared/audit/rule-settings.ts";
import { RULE_IDS } from "../../../shared/rules/rule-ids.ts";
import { loadRules } from "../../../shared/rules/rules.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import type { Fault } from "../../emulator/faults.ts";
import type { FlowLogSeed, NetworkInterfaceSeed, VpcSeed } from "../../emulator/world.ts";
import { auditEmulator } from "../../harness/audit-emulator.ts";
import { modelCode, type ModelRegion } from "../rules/model-of-vpcs.ts";

const OWN = "1234567890123456";
const VPC_RULES = [
  "vpc-flow-log-active",
  "vpc-flow-log-complete",
  "vpc-flow-log-delivered",
] as const;

/** Faults that pass, and those that last with the reason that they lead to. */
const PASSING: readonly Fault[] = [
  { kind: "throttled", times: 2 },
  { kind: "json-500", times: 1 },
  { kind: "html-503", times: 1 },
  { kind: "reset", times: 1 },
  { kind: "truncated-json", times: 1 },
];
const LASTING: readonly (readonly [Fault, string])[] = [
  [{ kind: "denied" }, "ACCESS_DENIED"],
  [{ kind: "throttled" }, "THROTTLED"],
  [{ kind: "json-500" }, "SERVICE_ERROR"],
  [{ kind: "empty-object" }, "MALFORMED_RESPONSE"],
  [{ kind: "redirect" }, "MALFORMED_RESPONSE"],
  [
    { kind: "body", status: 200, text: '{"TotalCount":0,"Vpcs":null,"FlowLogs":null}' },
    "MALFORMED_RESPONSE",
  ],
];

interface DrawnFault {
  readonly fault: Fault;
  /** Null where it passes. */
  readonly code: string | null;
}

const drawnFault: fc.Arbitrary<DrawnFault | null> = fc.oneof(
  { weight: 5, arbitrary: fc.constant(null) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...PASSING).map((fault) => ({ fault, code: null })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...LASTING).map(([fault, code]) => ({ fault, code })),
  },
);

const oneOf = <T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(usual, ...others) },
  );

const drawnLog = fc.record({
  place: fc.nat(),
  status: oneOf("Active", "Inactive", "Activating", "Odd"),
  trafficType: oneOf("All", "Allow", "Drop", "Odd"),
  trafficPaths: oneOf<readonly string[]>(["all"], [], ["vbr"]),
  deliverStatus: oneOf<string | null>("SUCCESS", "FAILED", null),
  businessStatus: oneOf("Normal", "FinancialLocked"),
  serviceType: oneOf("", "sls"),
  logStoreName: fc.constantFrom("kept", "short", "missing"),
});

const drawnRegion = fc.record({
  /** Around the borders of pages. */
  vpcCount: fc.oneof(fc.nat(6), fc.constantFrom(49, 50, 51, 100, 101, 120)),
  vSwitchesOf: fc.array(fc.nat(3), { minLength: 7, maxLength: 7 }),
  interfacesOf: fc.array(fc.nat(2), { minLength: 5, maxLength: 5 }),
  sharedEvery: fc.constantFrom(0, 4),
  logs: fc.array(drawnLog, { maxLength: 130 }),
  least: fc.constantFrom(...TRAFFIC_TYPES),
  minDays: fc.constantFrom(1, 180, 3_650),
  /** Before which calls for VPCs the first one goes. */
  lostBefore: fc.constantFrom<readonly number[]>([], [], [2], [2, 4], [2, 4, 6]),
  vpcFault: drawnFault,
  flowLogFault: drawnFault,
  interfaceFault: drawnFault,
});
type Drawn = typeof drawnRegion extends fc.Arbitrary<infer T> ? T : never;

function build({ vpcCount, vSwitchesOf, interfacesOf, sharedEvery, logs }: Drawn) {
  const vpcs = Array.from({ length: vpcCount }, (_, n): VpcSeed => ({
    vpcId: `vpc-${n}`,
    vSwitchIds: Array.from(
      { length: vSwitchesOf[n % vSwitchesOf.length] ?? 0 },
      (_item, index) => `vsw-${n}-${index}`,
    ),
    ownerId: sharedEvery > 0 && n % sharedEvery === 3 ? "1999999999999999" : OWN,
  }));
  const networkInterfaces = vpcs.flatMap(({ vpcId, vSwitchIds = [] }, n) =>
    vSwitchIds.flatMap((vSwitchId, index) =>
      Array.from(
        { length: interfacesOf[(n + index) % interfacesOf.length] ?? 0 },
        (_item, i): NetworkInterfaceSeed => ({
          networkInterfaceId: `eni-${n}-${index}-${i}`,
          vpcId,
          vSwitchId,
        }),
      ),
    ),
  );
  const places = [
    ...vpcs.map(({ vpcId }) => ["VPC", vpcId] as const),
    ...vpcs.flatMap(({ vSwitchIds = [] }) => vSwitchIds.map((id) => ["VSwitch", id] as const)),
    ...networkInterfaces.map(
      ({ networkInterfaceId }) => ["NetworkInterface", networkInterfaceId] as const,
    ),
    ["Bridge", "br-1"] as const,
  ];
  const flowLogs = logs.map(({ place, ...log }, index): FlowLogSeed => {
    const [resourceType, resourceId] = places[place % places.length] ?? ["Bridge", "br-1"];
    return { flowLogId: `fl-${index}`, resourceType, resourceId, ...log };
  });
  return { vpcs, networkInterfaces, flowLogs };
}

/** `rule resource code` of each finding of a rule about resources. */
function outline({ findings }: Report): string[] {
  return findings
    .filter(({ ruleId }) => ruleId !== "flow-log-service-activated")
    .map(({ ruleId, resource, reason }) => `${ruleId} ${resource?.id ?? "-"} ${reason.code}`)
    .toSorted();
}

/** What is to be found, given the lists as they are once nothing changes any more. */
function expected(drawn: Drawn, { vpcs, networkInterfaces, flowLogs }: ReturnType<typeof build>) {
  const each = (code: string): string[] =>
    [...VPC_RULES, "flow-log-retention"].map((ruleId) => `${ruleId} - ${code}`).toSorted();
  const { vpcFault, flowLogFault, interfaceFault, least, minDays } = drawn;
  if (vpcFault?.code) return each(vpcFault.code);
  if (drawn.lostBefore.length === 3 && drawn.vpcCount > 55) return each("LIST_UNSTABLE");
  if (vpcs.length === 0) return each("NO_RESOURCES");
  if (flowLogFault?.code) return each(flowLogFault.code);
  const region: ModelRegion = {
    vpcs: vpcs.map((vpc): Vpc => ({
      name: undefined,
      ownerId: OWN,
      vSwitchIds: [],
      enabledIpv6: false,
      ...vpc,
    })),
    flowLogs: flowLogs.map((log) => ({
      ...DEFAULTS,
      ...log,
      deliverStatus: log.deliverStatus ?? undefined,
      serviceType: log.serviceType === "" ? undefined : log.serviceType,
    })),
    interfaces: networkInterfaces,
    interfacesReadable: !interfaceFault?.code,
    accountId: OWN,
  };
  const ofVpcs = VPC_RULES.flatMap((ruleId) =>
    region.vpcs.map((vpc) => {
      const code = modelCode(ruleId, region, vpc, least);
      const unread = code === "ACCESS_DENIED" ? interfaceFault?.code : code;
      return `${ruleId} ${vpc.vpcId} ${unread}`;
    }),
  );
  const active = region.flowLogs.filter(({ status }) => status === "Active");
  const stores = [...new Set(active.map(({ logStoreName }) => String(logStoreName)))];
  const ofStores = stores.map((name) => {
    const days = new Map(Object.entries({ kept: 365, short: 7 })).get(name);
    const isElsewhere = active.some(
      ({ logStoreName, serviceType, deliverStatus }) =>
        logStoreName === name && (serviceType === "sls" || deliverStatus === "SUCCESS"),
    );
    const found = days === undefined ? (isElsewhere ? "STATE_UNKNOWN" : "LOG_STORE_MISSING") : null;
    const judged = Number(days) >= minDays ? "RETENTION_SUFFICIENT" : "RETENTION_TOO_SHORT";
    return `flow-log-retention flow-logs/${name} ${found ?? judged}`;
  });
  const retention = active.length === 0 ? ["flow-log-retention - NO_ACTIVE_FLOW_LOG"] : ofStores;
  return [...ofVpcs, ...retention].toSorted();
}

const DEFAULTS = {
  status: "Active",
  trafficType: "All",
  trafficPaths: ["all"],
  ipVersion: "IPv4",
  businessStatus: "Normal",
  deliverError: undefined,
  projectName: "flow-logs",
  logStoreName: "vpc",
} satisfies Partial<FlowLog>;

test("an audit agrees with the model, whatever there is, fails and changes", async () => {
  const rules = await loadRules(RULE_IDS);
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(drawnRegion, async (drawn) => {
      const built = build(drawn);
      const faults = Object.fromEntries(
        [
          ["DescribeVpcs", drawn.vpcFault] as const,
          ["DescribeFlowLogs", drawn.flowLogFault] as const,
          ["DescribeNetworkInterfaces", drawn.interfaceFault] as const,
        ].flatMap(([action, drawnOne]) => (drawnOne === null ? [] : [[action, drawnOne.fault]])),
      );
      // A page that is lost and read again would shift when the list changes.
      const changes = drawn.vpcFault === null && drawn.vpcCount > 55 ? drawn.lostBefore : [];
      let calls = 0;
      await using emulator = await startEmulator({
        regions: {
          "cn-a": {
            activated: true,
            ...built,
            logStores: { "flow-logs/kept": 365, "flow-logs/short": 7 },
            faults,
          },
        },
        onRequest({ action }) {
          if (action === "DescribeVpcs" && changes.includes((calls += 1))) built.vpcs.shift();
        },
      });
      const report = await auditEmulator(emulator, {
        rules,
        retryBaseMs: 0,
        // Enough for the faults that pass, and less to wait for those that last.
        maxThrottledAttempts: 4,
        settings: {
          ...DEFAULT_RULE_SETTINGS,
          "vpc-flow-log-complete": { trafficType: drawn.least },
          "flow-log-retention": { minDays: drawn.minDays },
        },
      });
      const wanted = expected({ ...drawn, lostBefore: changes }, built);
      expect(outline(report)).toEqual(wanted);
      for (const line of wanted) seen.add(line.split(" ").at(-1) ?? "");
    }),
    { numRuns: 70 },
  );
  const codes = rules
    .filter(({ subject }) => subject !== "region")
    .flatMap(({ reasons }) => Object.keys(reasons));
  const unseen = [...codes, "ACCESS_DENIED", "LIST_UNSTABLE"].filter((code) => !seen.has(code));
  expect(unseen).toEqual([]);
});
