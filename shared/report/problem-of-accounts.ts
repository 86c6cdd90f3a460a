import { compareIds } from "../audit/compare-ids.ts";
import { observedOf } from "../audit/finding.ts";
import type { Report } from "../audit/report.ts";

/** The ARN of a role, with the id of its account. */
export const ROLE_ARN = /^acs:ram::(\d{1,32}):role\/[\w.-]{1,64}$/;

type AccountsOfReport = Pick<Report, "accounts" | "scope" | "caller" | "findings">;

/** A check that the accounts of every valid report pass, and the problem of those that do not. */
const CHECKS: readonly (readonly [(report: AccountsOfReport) => boolean, string])[] = [
  [agreesWithScope, "its scope is not made of its accounts and their regions"],
  [
    ({ accounts }) =>
      accounts.every(({ id }, index) => {
        const before = accounts[index - 1];
        return before === undefined || compareIds(before.id, id) < 0;
      }),
    "its accounts are not in the order of their ids, each once",
  ],
  [
    ({ accounts, caller }) =>
      caller === null || accounts.filter(isWithoutRole).every(({ id }) => id === caller.accountId),
    "an account without a role is not that of its caller",
  ],
  [
    hasNoVerdictOfUnknown,
    "its caller is not known, and among several accounts one without a role has a verdict",
  ],
  [
    ({ accounts, caller }) =>
      accounts
        .filter(hasRole)
        .every(({ id, roleArn }) => accountIdIn(roleArn) === id && id !== caller?.accountId),
    "a role in it is not of the account that it was assumed in, or that account is its caller's own",
  ],
];

/**
 * Says what is wrong with the accounts of a report. The caller's own account is audited without a role,
 * and every other one by a role of its own.
 *
 * @returns a part of a sentence; null where nothing is wrong
 */
export function problemOfAccounts(report: AccountsOfReport): string | null {
  return CHECKS.find(([passes]) => !passes(report))?.[1] ?? null;
}

/** The scope is the union of the accounts that were audited, each of which has a region. */
function agreesWithScope({ scope, accounts }: AccountsOfReport): boolean {
  const audited = accounts.filter(({ status }) => status === "audited");
  const accountIds = new Set(audited.map(({ id }) => id));
  const regionIds = new Set(audited.flatMap(({ regions }) => regions));
  return (
    audited.every(({ regions }) => regions.length > 0) &&
    namesEachOnce(scope.accounts, accountIds) &&
    namesEachOnce(scope.regions, regionIds)
  );
}

function namesEachOnce(list: readonly string[], ids: ReadonlySet<string>): boolean {
  return (
    list.length === ids.size && list.every((id) => ids.has(id)) && new Set(list).size === ids.size
  );
}

/**
 * Where the caller is not known, nobody knows whether the credentials are those of an account without a
 * role: of several accounts, it could not be read. One account alone is that of the credentials, whether
 * or not its id is known.
 */
function hasNoVerdictOfUnknown({ accounts, caller, findings }: AccountsOfReport): boolean {
  const audited = accounts.filter(({ status }) => status === "audited");
  if (caller !== null || audited.length === 1) return true;
  const unknown = new Set(audited.filter(isWithoutRole).map(({ id }) => id));
  return findings.every(
    (finding) =>
      !unknown.has(finding.accountId) || observedOf(finding).status === "INSUFFICIENT_DATA",
  );
}

function isWithoutRole(account: Report["accounts"][number]): boolean {
  return account.status === "audited" && account.roleArn === undefined;
}

function hasRole(account: Report["accounts"][number]): account is WithRole {
  return "roleArn" in account && account.roleArn !== undefined;
}

type WithRole = Report["accounts"][number] & { readonly roleArn: string };

function accountIdIn(roleArn: string): string | undefined {
  return ROLE_ARN.exec(roleArn)?.[1];
}
