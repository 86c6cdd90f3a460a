import { describe, expect, test } from "vitest";

import type { AccountsRequest } from "../../../../shared/audit/account-scope.ts";
import type { Report } from "../../../../shared/audit/report.ts";
import { startEmulator } from "../../../emulator/emulator.ts";
import { memberIdOf, organizationOf } from "../../../emulator/organization.ts";
import type { RegionSeed } from "../../../emulator/world.ts";
import { auditEmulator } from "../../../harness/audit-emulator.ts";

const OWN_ID = "1234567890123456";
const REGIONS: Readonly<Record<string, RegionSeed>> = {
  "cn-a": { activated: true },
  "cn-b": { activated: false },
};

/** All members of the directory. */
const ALL_MEMBERS: AccountsRequest = {
  entries: [],
  members: { roleName: "flowlog-guard-audit", accounts: ["*"], folders: [] },
  externalId: null,
  selectors: null,
};

function outlineOf({ findings }: Report): readonly string[] {
  return findings.map(
    ({ accountId, regionId, status, reason }) =>
      `${accountId} ${regionId} ${status} ${reason.code}`,
  );
}

describe("an organization", () => {
  test("is audited account by account, each with its role, the caller's own without", async () => {
    await using emulator = await startEmulator({
      regions: REGIONS,
      ...organizationOf({ memberCount: 2, managementAccountId: OWN_ID }),
    });
    const report = await auditEmulator(emulator, { accounts: ALL_MEMBERS });
    const [first, second] = [memberIdOf(0), memberIdOf(1)];
    expect(report).toMatchObject({
      caller: { accountId: OWN_ID },
      scope: { accounts: [OWN_ID, first, second], regions: ["cn-a", "cn-b"] },
      accounts: [
        { id: OWN_ID, name: "management", regions: ["cn-a", "cn-b"], status: "audited" },
        {
          id: first,
          name: "member 0",
          roleArn: `acs:ram::${first}:role/flowlog-guard-audit`,
          status: "audited",
        },
        { id: second, name: "member 1" },
      ],
      summary: { total: 6, compliant: 3, nonCompliant: 3, insufficientData: 0 },
    });
    expect(report.accounts[0]).not.toHaveProperty("roleArn");
    expect(report).not.toHaveProperty("warnings");
    expect(outlineOf(report)).toEqual(
      [OWN_ID, first, second].flatMap((id) => [
        `${id} cn-a COMPLIANT ACTIVATED`,
        `${id} cn-b NON_COMPLIANT NOT_ACTIVATED`,
      ]),
    );
    const roles = emulator.requests.filter(({ action }) => action === "AssumeRole");
    expect(new Set(roles.map(({ form }) => form["RoleArn"]))).toEqual(
      new Set([first, second].map((id) => `acs:ram::${id}:role/flowlog-guard-audit`)),
    );
    expect(roles).toHaveLength(2);
  });
});
