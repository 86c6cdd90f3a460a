import { expect, test } from "vitest";

import { isOwnedBy } from "../../../shared/audit/flow-log.ts";

test.each([
  ["1234567890123456", "1234567890123456", true],
  ["1234567890123456", "1234567890123457", false],
  [undefined, "1234567890123456", true],
  // Beyond 2^53: as JSON reads 9007199254740993 and 9876543210123457.
  ["9007199254740992", "9007199254740993", true],
  ["9876543210123456", "9876543210123457", true],
  ["9876543210123456", "9876543210123459", false],
  // Not rounded: a text of the service.
  ["9007199254740993", "9007199254740993", true],
  ["9007199254740993", "9007199254740992", false],
  ["1234567890123456789", "1234567890123456789", true],
  ["1234567890123456800", "1234567890123456789", true],
  ["1234567890123456800", "1234567890123450000", false],
  ["", "1234567890123456", false],
  ["shared", "1234567890123456", false],
])("a VPC of %s is the account %s's own: %s", (ownerId, accountId, owned) => {
  const vpc = { vpcId: "vpc-1", name: undefined, ownerId, vSwitchIds: [], enabledIpv6: false };
  expect(isOwnedBy(vpc, accountId)).toBe(owned);
});
