import type { Finding } from "../../audit/finding.ts";

/** Types whose ARN is known, and what it has after the account. */
const ARN_PARTS: ReadonlyMap<string, { readonly service: string; readonly kind: string }> = new Map(
  [["ACS::VPC::VPC", { service: "vpc", kind: "vpc" }]],
);

/**
 * What an event is about: the cloud resource, or else the region. The id is one that no other account has:
 * an ARN where the form of one is known.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-ram
 */
export function affectedResource({ accountId, regionId, localName, resource }: Finding): object {
  if (resource === undefined) {
    return {
      uid: `${accountId}/${regionId}`,
      name: localName ?? regionId,
      type: "Region",
      region: regionId,
    };
  }
  const { type, id, name = id } = resource;
  const arn = ARN_PARTS.get(type);
  const uid =
    arn === undefined
      ? `${accountId}/${regionId}/${type}/${id}`
      : `acs:${arn.service}:${regionId}:${accountId}:${arn.kind}/${id}`;
  return { uid, uid_alt: id, name, type, region: regionId };
}
