import type { AccountScope } from "../audit/account-scope.ts";
import { RemoteError } from "../audit/run-error.ts";
import type { AuditedAccounts } from "../run/accounts/audit-organization.ts";
import { auditFunctionName } from "./audit-function-name.ts";
import type { FanOutRun, Target } from "./fan-out-run.ts";
import { isTooLarge } from "./is-too-large.ts";
import { NotInvocableError } from "./run-parts.ts";

/**
 * Audits the accounts of a scope by invocations of the audit function, each for a part of them, where it
 * is asked for or one process is not enough; else here.
 *
 * @param auditHere - audits them in this process
 * @returns complete: what a lost part was to audit is `INSUFFICIENT_DATA` with `PART_FAILED`
 * @throws {@link RemoteError} when parts are asked for, and the audit function cannot be invoked
 */
export async function fanOut(
  scope: AccountScope,
  run: FanOutRun,
  auditHere: () => Promise<AuditedAccounts>,
): Promise<AuditedAccounts> {
  const { accounts } = scope;
  const isAsked = run.options.parts !== null;
  if (!isAsked && !isTooLarge(accounts, run.rules.length, run.deadline.remainingMs())) {
    return auditHere();
  }
  const instead = async (problem: string): Promise<AuditedAccounts> => {
    if (isAsked) throw new RemoteError(`fanOut.parts: ${problem}`);
    const { findings, warnings } = await auditHere();
    return { findings, warnings: [...warnings, warningOfOneProcess(accounts.length, problem)] };
  };
  const target = targetOf(run);
  if (typeof target === "string") return instead(target);
  try {
    const { auditParts } = await import("./audit-parts.ts");
    return await auditParts(scope, run, target);
  } catch (error) {
    if (!(error instanceof NotInvocableError)) throw error;
    return instead(`the audit function cannot be invoked. ${error.message}`);
  }
}

/** @returns what is wrong, where there is no function to invoke */
function targetOf({ options, accountId, regionId, functionName }: FanOutRun): Target | string {
  const name = options.function ?? auditFunctionName(functionName);
  if (name === null) {
    return `the name of this function, ${functionName}, does not end in -check, so that of the audit function is not known: set fanOut.function.`;
  }
  if (accountId === "" || regionId === null) {
    return "the account or the region of this function is not known, so the audit function cannot be invoked.";
  }
  return { accountId, regionId, functionName: name };
}

function warningOfOneProcess(accountCount: number, problem: string): string {
  return `${accountCount} accounts are audited in one process, and may not be done in time: ${problem} To audit them in parts, deploy the audit function, and allow this one fc:InvokeFunction on it.`;
}
