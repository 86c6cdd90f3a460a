import { compareIds } from "../audit/compare-ids.ts";
import type { Evidence, FindingRemedy, Verdict } from "../audit/finding.ts";
import { type FlowLog, isOwnedBy, type NetworkInterface, type Vpc } from "../audit/flow-log.ts";
import { groupBy } from "../audit/group-by.ts";
import {
  type AuditedAccount,
  type Reading,
  type RegionReader,
  UnreadableError,
} from "../audit/region-reader.ts";
import type { RuleReason } from "../audit/rule-card.ts";
import {
  isVpcCovered,
  keyOfRecorded,
  keyOfVSwitch,
  keysWithin,
  layoutOf,
  type RecordedKeys,
  type VpcLayout,
} from "./flow-log-coverage.ts";
import { unreadableVerdict, verdictOf } from "./verdict-of.ts";
import { VPC_REASONS, VPC_TYPE } from "./vpc-card.ts";

/** A VPC, and the flow logs in it that a rule judges by. */
export interface VpcWithFlowLogs {
  readonly regionId: string;
  readonly vpc: Vpc;
  readonly layout: VpcLayout;
  readonly logs: readonly FlowLog[];
  /** Whether it may be another account's: the audited account is not known to be the owner. */
  readonly ownerUnknown: boolean;
}

/** What a rule says of a VPC. */
export interface Judgement<Code extends string> {
  readonly code: Code;
  /** @default that of the reason on the card */
  readonly message?: string;
  /** Where the VPC is not compliant. */
  readonly remedy?: FindingRemedy;
}

/** How a rule judges VPCs by their flow logs. */
export interface VpcJudge<Code extends string> {
  readonly reasons: Readonly<Record<Code, Pick<RuleReason, "status" | "message">>>;
  /** Whether the rule judges by a flow log. */
  readonly counts: (log: FlowLog) => boolean;
  /** What the flow logs that pass are on. Where they cover a VPC, no interface is asked for. */
  readonly passing: (logs: readonly FlowLog[]) => RecordedKeys;
  readonly judge: (subject: VpcWithFlowLogs) => Judgement<Code>;
}

/**
 * Judges each VPC of a region. Network interfaces are listed only where a flow log is on one, and only
 * for VPCs with vSwitches that those on VPCs and vSwitches do not answer; where that fails, those VPCs
 * alone are unreadable. A VPC whose vSwitches the service does not name is unreadable where they matter.
 *
 * @returns a verdict on each VPC, by id; one on the region where there is none
 * @throws `UnreadableError` when VPCs or flow logs cannot be listed
 */
export async function judgeVpcs<Code extends string>(
  region: RegionReader,
  judge: VpcJudge<Code>,
): Promise<readonly Verdict[]> {
  const vpcs = await region.vpcs();
  if (vpcs.value.length === 0) {
    return [verdictOf(VPC_REASONS, "NO_RESOURCES", { evidence: vpcs.evidence })];
  }
  const flowLogs = await region.flowLogs();
  const account = vpcs.value.some(({ ownerId }) => ownerId !== undefined)
    ? await region.account()
    : null;
  const counted = flowLogs.value.filter(judge.counts);
  const logsByKey = groupBy(counted, keyOfRecorded);
  const someOnInterface = counted.some(({ resourceType }) => resourceType === "NetworkInterface");
  const logsIn = (layout: VpcLayout): FlowLog[] =>
    keysWithin(layout).flatMap((key) => logsByKey.get(key) ?? []);
  const interfacesOf = interfaceFinder(region);
  const mayBeUnderUnnamed = someBelowUnnamed(counted, vpcs.value);

  const judgeVpc = async (vpc: Vpc): Promise<Verdict> => {
    const { vpcId, name, ownerId } = vpc;
    const resource = { type: VPC_TYPE, id: vpcId, ...(name !== undefined && { name }) };
    const ownership = ownershipOf(vpc, account);
    if (ownership === "shared") {
      const message = `The VPC is shared by the account ${ownerId}, which alone can create flow logs for it.`;
      return verdictOf(VPC_REASONS, "SHARED_BY_OWNER", {
        message,
        resource,
        evidence: vpcs.evidence,
      });
    }
    const judgeWith = (interfaces: readonly NetworkInterface[], evidence: Evidence): Verdict => {
      const layout = layoutOf(vpc, interfaces);
      const { code, ...rest } = judge.judge({
        regionId: region.regionId,
        vpc,
        layout,
        logs: logsIn(layout),
        ownerUnknown: ownership === "unknown",
      });
      return verdictOf(judge.reasons, code, { ...rest, resource, evidence });
    };
    const above = layoutOf(vpc, []);
    const isAnswered = isVpcCovered(above, judge.passing(logsIn(above)));
    if (vpc.vSwitchIds === undefined && mayBeUnderUnnamed && !isAnswered) {
      const message =
        "The list of VPCs does not name its vSwitches, and flow logs on vSwitches or network interfaces may be in it.";
      const failure = { code: "MALFORMED_RESPONSE", evidence: vpcs.evidence } as const;
      return unreadableVerdict(failure, message, resource);
    }
    const mayHaveInterfaces = someOnInterface && above.vSwitches.length > 0;
    if (isAnswered || !mayHaveInterfaces) return judgeWith([], flowLogs.evidence);
    try {
      const { value, evidence } = await interfacesOf(vpcId);
      return judgeWith(value, evidence);
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      const message = `The network interfaces of the VPC could not be read. ${error.message}`;
      return unreadableVerdict(error, message, resource);
    }
  };
  const sorted = vpcs.value.toSorted((a, b) => compareIds(a.vpcId, b.vpcId));
  return Promise.all(sorted.map(judgeVpc));
}

/** Whose a VPC is: shared where it is another account's, unknown where the audited account is not known. */
function ownershipOf(vpc: Vpc, account: AuditedAccount | null): "own" | "shared" | "unknown" {
  if (vpc.ownerId === undefined || (account !== null && isOwnedBy(vpc, account.id))) return "own";
  return account?.assumed === false ? "shared" : "unknown";
}

/** Whether a flow log may be in a VPC whose vSwitches the service does not name. */
function someBelowUnnamed(logs: readonly FlowLog[], vpcs: readonly Vpc[]): boolean {
  const named = new Set(vpcs.flatMap(({ vSwitchIds = [] }) => vSwitchIds.map(keyOfVSwitch)));
  return logs.some((log) => log.resourceType !== "VPC" && !named.has(keyOfRecorded(log)));
}

/** Lists the interfaces of a region on first use, once, and finds those of a VPC. */
function interfaceFinder(
  region: RegionReader,
): (vpcId: string) => Promise<Reading<readonly NetworkInterface[]>> {
  const list = async () => {
    const { value, evidence } = await region.networkInterfaces();
    return { byVpc: groupBy(value, ({ vpcId }) => vpcId), evidence };
  };
  let listed: ReturnType<typeof list> | undefined;
  return async (vpcId) => {
    const { byVpc, evidence } = await (listed ??= list());
    return { value: byVpc.get(vpcId) ?? [], evidence };
  };
}
