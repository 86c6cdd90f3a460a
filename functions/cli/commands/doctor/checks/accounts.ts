import type { AccountsRequest } from "../../../../../shared/audit/account-scope.ts";
import { startTimeBudget } from "../../../../../shared/retry/time-budget.ts";
import { chooseAccounts } from "../../../../../shared/run/accounts/choose-accounts.ts";
import {
  readManagementAccount,
  readMembers,
} from "../../../../../shared/run/accounts/read-directory.ts";
import { CLOUD_RETRY_POLICY } from "../../../../../shared/run/run-audit.ts";
import { type Check, found, type SetUp } from "../check.ts";
import { openOrganization } from "../open-cloud.ts";
import { ok, warning } from "../outcome.ts";

/** Milliseconds for one attempt at a page of members. */
const ATTEMPT_TIMEOUT_MS = 5_000;

/** The accounts in scope: whether the resource directory can be listed, where its members are meant. */
export function accountsCheck(request: AccountsRequest): Check {
  return {
    id: "accounts",
    title: "Accounts",
    needs: ["identity"],
    run: async (setUp, within) => {
      const deadline = startTimeBudget(within.remainingMs(), "TIMEOUT", within);
      const limits = {
        policy: CLOUD_RETRY_POLICY,
        attemptTimeoutMs: ATTEMPT_TIMEOUT_MS,
        deadline,
      };
      try {
        const known = await readKnown(request, setUp, limits);
        const chosen = chooseAccounts(request, known);
        const member = chosen.accounts.find(({ role }) => role !== null);
        if (member !== undefined) setUp.learnt.member = member;
        const skipped = chosen.skipped.length === 0 ? "" : `, ${chosen.skipped.length} skipped`;
        const listed =
          request.members === null
            ? "named by the configuration"
            : `${known.members.length} members in the resource directory`;
        const detail = `${chosen.accounts.length} in scope${skipped}; ${listed}.`;
        const warnings = [...known.warnings, ...chosen.warnings];
        return warnings.length === 0
          ? ok(detail)
          : warning("ACCOUNTS_WARNING", detail, { lines: warnings });
      } finally {
        deadline.cancel();
        deadline.release();
      }
    },
  };
}

async function readKnown(
  { members: wanted }: AccountsRequest,
  setUp: SetUp,
  limits: Parameters<typeof readMembers>[1],
) {
  const { credentials, caller } = setUp.learnt;
  const callerId = caller?.accountId ?? null;
  if (wanted === null) {
    return { members: [], managementAccount: null, callerId, warnings: [] };
  }
  const organization = await openOrganization(setUp, found(credentials));
  const members = await readMembers(organization, limits);
  if (wanted.folders.length > 0) {
    return { members, managementAccount: null, callerId, warnings: [] };
  }
  const management = await readManagementAccount(organization, limits);
  return {
    members,
    managementAccount: management.account,
    callerId,
    warnings: "warning" in management ? [management.warning] : [],
  };
}
