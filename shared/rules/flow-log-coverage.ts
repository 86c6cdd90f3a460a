import type { FlowLog, NetworkInterface, Vpc } from "../audit/flow-log.ts";

/** A VPC by its parts, on which flow logs may be. */
export interface VpcLayout {
  readonly vpcId: string;
  readonly vSwitches: readonly VSwitchLayout[];
  /**
   * Interfaces of the VPC on vSwitches that the list of VPCs does not name: those were created after
   * it was read.
   */
  readonly otherInterfaceIds: readonly string[];
}

export interface VSwitchLayout {
  readonly vSwitchId: string;
  readonly interfaceIds: readonly string[];
}

/** Keys of resources that flow logs are on, see {@link keyOfRecorded}. */
export type RecordedKeys = ReadonlySet<string>;

/** One text for the resource that a flow log is on, and for no other. */
export function keyOfRecorded({
  resourceType,
  resourceId,
}: Pick<FlowLog, "resourceType" | "resourceId">): string {
  return `${resourceType} ${resourceId}`;
}

/** The keys of the resources that flow logs are on. */
export function recordedBy(logs: readonly FlowLog[]): RecordedKeys {
  return new Set(logs.map(keyOfRecorded));
}

/** @param interfaces - of the VPC; none where they are not needed */
export function layoutOf(
  { vpcId, vSwitchIds }: Pick<Vpc, "vpcId" | "vSwitchIds">,
  interfaces: readonly NetworkInterface[],
): VpcLayout {
  const idsByVSwitch = new Map((vSwitchIds ?? []).map((id): [string, string[]] => [id, []]));
  const otherInterfaceIds: string[] = [];
  for (const { networkInterfaceId, vSwitchId } of interfaces) {
    (idsByVSwitch.get(vSwitchId) ?? otherInterfaceIds).push(networkInterfaceId);
  }
  const vSwitches = [...idsByVSwitch].map(([vSwitchId, interfaceIds]) => ({
    vSwitchId,
    interfaceIds,
  }));
  return { vpcId, vSwitches, otherInterfaceIds };
}

/** The keys of everything in a VPC that flow logs may be on, itself included. */
export function keysWithin({ vpcId, vSwitches, otherInterfaceIds }: VpcLayout): string[] {
  return [
    keyOfVpc(vpcId),
    ...vSwitches.flatMap(({ vSwitchId, interfaceIds }) => [
      keyOfVSwitch(vSwitchId),
      ...interfaceIds.map(keyOfInterface),
    ]),
    ...otherInterfaceIds.map(keyOfInterface),
  ];
}

/**
 * Whether flow logs cover a VPC: one on the VPC does, and so do those that cover each of its vSwitches.
 * A VPC without vSwitches is covered by one on itself alone: later vSwitches would not be recorded.
 */
export function isVpcCovered({ vpcId, vSwitches }: VpcLayout, keys: RecordedKeys): boolean {
  if (keys.has(keyOfVpc(vpcId))) return true;
  return vSwitches.length > 0 && vSwitches.every((vSwitch) => isVSwitchCovered(vSwitch, keys));
}

/**
 * Whether flow logs on a vSwitch, or on all of its interfaces, cover it. One without interfaces is
 * covered by itself alone: later interfaces would not be recorded.
 */
function isVSwitchCovered({ vSwitchId, interfaceIds }: VSwitchLayout, keys: RecordedKeys): boolean {
  if (keys.has(keyOfVSwitch(vSwitchId))) return true;
  return interfaceIds.length > 0 && interfaceIds.every((id) => keys.has(keyOfInterface(id)));
}

/**
 * Whether some flow logs, by themselves, cover what all cover: each vSwitch that all cover, and of the
 * others each interface.
 *
 * @param some - a part of `all`
 */
export function coversAsMuch(layout: VpcLayout, some: RecordedKeys, all: RecordedKeys): boolean {
  const { vpcId, vSwitches, otherInterfaceIds } = layout;
  if (isVpcCovered(layout, some)) return true;
  const isOnVpc = all.has(keyOfVpc(vpcId));
  if (isOnVpc && vSwitches.length === 0) return false;
  const keepsEach = (interfaceIds: readonly string[]): boolean =>
    interfaceIds.map(keyOfInterface).every((key) => some.has(key) || !all.has(key));
  return (
    vSwitches.every((vSwitch) =>
      isOnVpc || isVSwitchCovered(vSwitch, all)
        ? isVSwitchCovered(vSwitch, some)
        : keepsEach(vSwitch.interfaceIds),
    ) && keepsEach(otherInterfaceIds)
  );
}

/**
 * The ids of what flow logs do not cover, of a VPC that they cover in part: vSwitches, and of a vSwitch
 * that is covered in part its interfaces.
 */
export function uncoveredIds({ vSwitches }: VpcLayout, keys: RecordedKeys): string[] {
  return vSwitches.flatMap((vSwitch) => {
    if (isVSwitchCovered(vSwitch, keys)) return [];
    const { vSwitchId, interfaceIds } = vSwitch;
    const missing = interfaceIds.filter((id) => !keys.has(keyOfInterface(id)));
    return missing.length < interfaceIds.length ? missing : [vSwitchId];
  });
}

/**
 * The keys of which any one more makes a VPC covered that is not: its own; and where a single vSwitch is
 * left, that of the vSwitch, and that of the interface if a single one is left in it.
 */
export function lastMissingKeys({ vpcId, vSwitches }: VpcLayout, keys: RecordedKeys): RecordedKeys {
  const [left, ...others] = vSwitches.filter((vSwitch) => !isVSwitchCovered(vSwitch, keys));
  const own = keyOfVpc(vpcId);
  if (left === undefined || others.length > 0) return new Set([own]);
  const interfaces = left.interfaceIds.map(keyOfInterface).filter((key) => !keys.has(key));
  return new Set([
    own,
    keyOfVSwitch(left.vSwitchId),
    ...(interfaces.length === 1 ? interfaces : []),
  ]);
}

function keyOfVpc(resourceId: string): string {
  return keyOfRecorded({ resourceType: "VPC", resourceId });
}

/** {@link keyOfRecorded} of a vSwitch. */
export function keyOfVSwitch(resourceId: string): string {
  return keyOfRecorded({ resourceType: "VSwitch", resourceId });
}

function keyOfInterface(resourceId: string): string {
  return keyOfRecorded({ resourceType: "NetworkInterface", resourceId });
}
