import { roleArnOf } from "../audit/account-scope.ts";
import { accountSelection } from "../audit/account-selector.ts";
import type { Permission } from "../audit/permission.ts";
import { needsKnownRegions } from "../audit/scope.ts";
import type { Config } from "../config/config.ts";
import type { Rule } from "../rules/rule.ts";
import { permissionsToKeep } from "../storage/evidence-permissions.ts";
import { permissionsOfStorage } from "../storage/storage-address.ts";
import { LIST_REGIONS, type PolicyDocument, policyOf } from "./least-policy.ts";

/** The identity that audits an organization, as far as it is known. */
export interface AuditingIdentity {
  /** Its account; `*` where that is not known. */
  readonly accountId: string;
  /** The audit function of its deployment, which audits parts. */
  readonly auditFunction: FunctionAddress;
}

/** A function; `*` stands for an account or a region that is not known. */
export interface FunctionAddress {
  readonly accountId: string;
  readonly regionId: string;
  readonly name: string;
}

/** A policy, and what in it is wider than the configuration needs. */
export interface OrganizationPolicy {
  readonly policy: PolicyDocument;
  readonly notes: readonly string[];
}

/**
 * Characters that a custom policy may have.
 *
 * @see https://www.alibabacloud.com/help/en/ram/product-overview/limits
 */
const MAX_POLICY_LENGTH = 6_144;

/** @see https://www.alibabacloud.com/help/en/doc-detail/160016.htm */
const LIST_ACCOUNTS: Permission = {
  action: "resourcemanager:ListAccounts",
  resource: () => "*",
};

/** @see https://www.alibabacloud.com/help/en/resource-management/resource-directory/developer-reference/api-resourcedirectorymaster-2022-04-19-getresourcedirectory */
const GET_RESOURCE_DIRECTORY: Permission = {
  action: "resourcemanager:GetResourceDirectory",
  resource: () => "*",
};

type AccountsConfig = Pick<Config, "accounts" | "organization">;

/** Whether other accounts than that of the credentials are configured. */
export function auditsOtherAccounts({ accounts, organization }: AccountsConfig): boolean {
  return accounts.entries !== null || organization.roleName !== null;
}

/**
 * The least permissions of the identity that audits the configured accounts, or all members of the
 * resource directory: those of the rules, for the identity's own account, and those to find the other
 * accounts and to assume their roles.
 *
 * @param rules - those that are evaluated
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-ram
 */
export function organizationPolicy(
  config: Config,
  rules: readonly Rule[],
  { accountId, auditFunction }: AuditingIdentity,
): OrganizationPolicy {
  const own = auditsOwnAccount(config, accountId) ? rules.flatMap((rule) => rule.permissions) : [];
  const directory = permissionsOfDirectory(config.organization);
  const invoke = dividesAccounts(config) ? [invokePermission(auditFunction)] : [];
  const storage = [...permissionsOfStorage(config.state), ...permissionsToKeep(config.evidence)];
  const policyFor = (roleArns: readonly string[]): PolicyDocument => ({
    Version: "1",
    Statement: [
      ...policyOf([...own, ...(needsRegions(config) ? [LIST_REGIONS] : [])], accountId).Statement,
      ...assumeRole(roleArns),
      ...policyOf([...directory, ...invoke, ...storage], accountId).Statement,
    ],
  });
  const exact = policyFor(rolesToAssume(config, accountId));
  const isTooLong = JSON.stringify(exact, null, 2).length > MAX_POLICY_LENGTH;
  return {
    policy: isTooLong ? policyFor(rolesOfAnyAccount(config, accountId)) : exact,
    notes: [
      ...(isTooLong
        ? [
            `the roles of all accounts would make the policy longer than the ${MAX_POLICY_LENGTH} characters that RAM accepts: it allows the roles with these names in any account`,
          ]
        : []),
      ...(dividesAccounts(config) ? notesOf(auditFunction) : []),
    ],
  };
}

/** It is known not to be audited only where all accounts are listed, and it is not among them. */
function auditsOwnAccount({ accounts, organization }: AccountsConfig, accountId: string): boolean {
  if (organization.roleName !== null || accountId === "*") return true;
  return (accounts.entries ?? []).some(({ id }) => id === accountId);
}

/** Patterns are resolved once for all accounts, with the credentials of the identity. */
function needsRegions({ regions, accounts, organization }: Config): boolean {
  const listed = (accounts.entries ?? []).flatMap((entry) => entry.regions ?? regions);
  return needsKnownRegions(organization.roleName === null ? listed : [...regions, ...listed]);
}

/** The ARNs of the roles to assume, each once. The ids of members are not known beforehand. */
function rolesToAssume(config: AccountsConfig, accountId: string): string[] {
  const { roleName: memberRole } = config.organization;
  const members = memberRole === null ? [] : [{ accountId: "*", roleName: memberRole }];
  const others = rolesOfEntries(config, accountId).filter(
    ({ roleName }) => roleName !== memberRole,
  );
  return [...members, ...others].map(roleArnOf);
}

function rolesOfAnyAccount(config: AccountsConfig, accountId: string): string[] {
  const { roleName: memberRole } = config.organization;
  const names = rolesOfEntries(config, accountId).map(({ roleName }) => roleName);
  const all = new Set(memberRole === null ? names : [memberRole, ...names]);
  return [...all].map((roleName) => roleArnOf({ accountId: "*", roleName }));
}

/**
 * The roles of the accounts that the file names. What the resource directory calls an account decides
 * beside members whether a selector selects it, so there all are taken.
 */
function rolesOfEntries({ accounts, organization }: AccountsConfig, accountId: string) {
  const { entries, selectors } = accounts;
  const isSelected =
    selectors === null || organization.roleName !== null ? () => true : accountSelection(selectors);
  return (entries ?? []).flatMap(({ id, name = null, roleName = organization.roleName }) =>
    roleName !== null && id !== accountId && isSelected({ id, name })
      ? [{ accountId: id, roleName }]
      : [],
  );
}

function assumeRole(roleArns: readonly string[]): PolicyDocument["Statement"] {
  const [first, ...others] = roleArns;
  if (first === undefined) return [];
  const Resource = others.length === 0 ? first : roleArns;
  return [{ Effect: "Allow", Action: "sts:AssumeRole", Resource }];
}

/** Folders leave the management account out, so nobody asks which one it is. */
function permissionsOfDirectory({ roleName, folders }: Config["organization"]): Permission[] {
  if (roleName === null) return [];
  return folders.length === 0 ? [LIST_ACCOUNTS, GET_RESOURCE_DIRECTORY] : [LIST_ACCOUNTS];
}

/** Whether the configuration asks to audit the accounts in parts. */
function dividesAccounts({ fanOut }: Config): boolean {
  return fanOut.parts === null ? fanOut.function !== null : fanOut.parts > 1;
}

/** @see https://www.alibabacloud.com/help/en/functioncompute/fc/developer-reference/api-fc-2023-03-30-ram */
function invokePermission({ accountId, regionId, name }: FunctionAddress): Permission {
  return {
    action: "fc:InvokeFunction",
    resource: () => `acs:fc:${regionId}:${accountId}:functions/${name}`,
  };
}

function notesOf({ accountId, regionId, name }: FunctionAddress): string[] {
  const unknown = [
    ...(regionId === "*" ? ["in any region, because DEPLOY_REGION is not set"] : []),
    ...(accountId === "*"
      ? ["of any account, because neither --account nor ACCOUNT_ID is set"]
      : []),
  ];
  return unknown.length === 0
    ? []
    : [`the policy allows to invoke ${name} ${unknown.join(", and ")}`];
}
