import type { Emulator } from "../emulator/emulator.ts";
import { DEFAULT_WORLD, type World } from "../emulator/world.ts";
import { emulatorEnv } from "./run-cli.ts";

/** Accounts of {@link SAMPLE_ORGANIZATION}. */
export const [SECURITY, PROD, TEST, OLD, MANAGEMENT] = [
  DEFAULT_WORLD.accountId,
  "1500000000000001",
  "1500000000000002",
  "1500000000000003",
  "1900000000000001",
] as const;

export const EXTERNAL_ID = "external-id-of-the-roles-7c1e";

/**
 * An organization that is audited from a member, by its own credentials: `prod` is not compliant in one of
 * two regions, `test` refuses its role, `old` is being deleted, and the management account is fine.
 */
export const SAMPLE_ORGANIZATION: Pick<
  World,
  "regions" | "accounts" | "directory" | "memberRoles"
> = {
  regions: { "cn-a": { activated: true }, "cn-b": { activated: true } },
  accounts: {
    [PROD]: { regions: { "cn-a": { activated: true }, "cn-b": { activated: false } } },
  },
  directory: {
    managementAccountId: MANAGEMENT,
    members: [
      { accountId: SECURITY, displayName: "security" },
      { accountId: PROD, displayName: "prod" },
      { accountId: TEST, displayName: "test" },
      { accountId: OLD, displayName: "old", deletionStatus: "Deleting" },
    ],
  },
  memberRoles: {
    roleName: "flowlog-guard-audit",
    externalId: EXTERNAL_ID,
    refused: (accountId) => (accountId === TEST ? "NoPermission" : null),
  },
};

/** The environment that audits such an organization. */
export function organizationEnv(emulator: Emulator): Record<string, string> {
  return { ...emulatorEnv(emulator), ...ORGANIZATION_VARIABLES };
}

export const ORGANIZATION_VARIABLES = {
  FLOWLOG_GUARD_ORGANIZATION_ROLE: "flowlog-guard-audit",
  FLOWLOG_GUARD_EXTERNAL_ID: EXTERNAL_ID,
};
