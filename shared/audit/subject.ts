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

/** One text for a subject, and for no other. The name of a resource is no part of it. */
export function keyOf(subject: Subject): string {
  return JSON.stringify(idsOf(subject));
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
