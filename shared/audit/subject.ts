import { compareIds } from "./compare-ids.ts";

/** A cloud resource that a finding is about. */
export interface Resource {
  /** Resource type as Cloud Config names it, for example `ACS::VPC::VPC`. */
  readonly type: string;
  /** Unique within the type, the region and the account. */
  readonly id: string;
  /** What its owner calls it: text from outside. */
  readonly name?: string;
}

/** What a finding, an alert and an entry of the state are about. */
export interface Subject {
  readonly ruleId: string;
  /** The account's id, or `"unknown"`. */
  readonly accountId: string;
  readonly regionId: string;
  /** Absent where the verdict is about the region as a whole. */
  readonly resource?: Resource;
}

/** The keys of subjects that were asked for: a run needs those of tens of thousands, many times. */
const keys = new WeakMap<Subject, string>();

/** One text for a subject, and for no other. The name of a resource is no part of it. */
export function keyOf(subject: Subject): string {
  const known = keys.get(subject);
  if (known !== undefined) return known;
  const key = JSON.stringify(idsOf(subject));
  keys.set(subject, key);
  return key;
}

/**
 * Orders subjects by rule, account, region, and type and id of the resource; a region as a whole comes
 * after its resources.
 */
export function compareSubjects(a: Subject, b: Subject): number {
  return (
    compareIds(a.ruleId, b.ruleId) ||
    compareIds(a.accountId, b.accountId) ||
    compareIds(a.regionId, b.regionId) ||
    Number(a.resource === undefined) - Number(b.resource === undefined) ||
    compareIds(a.resource?.type ?? "", b.resource?.type ?? "") ||
    compareIds(a.resource?.id ?? "", b.resource?.id ?? "")
  );
}

/** The ids that identify a subject: rule, account, region, and type and id of a resource. */
export function idsOf({ ruleId, accountId, regionId, resource }: Subject): readonly string[] {
  const ids = [ruleId, accountId, regionId];
  return resource === undefined ? ids : [...ids, resource.type, resource.id];
}

/** The subject alone, of something that is about one. */
export function subjectOf({ ruleId, accountId, regionId, resource }: Subject): Subject {
  return { ruleId, accountId, regionId, ...(resource !== undefined && { resource }) };
}
