import type { AccountScope, CallerFailure, ScopedAccount } from "../../audit/account-scope.ts";
import type { Cloud } from "../../audit/cloud.ts";
import { NO_EVIDENCE } from "../../audit/finding.ts";
import { UnreadableError } from "../../audit/region-reader.ts";
import { Pace } from "../../retry/pace.ts";
import type { AccountGate } from "../../retry/region-gate.ts";
import type { TimeBudget } from "../../retry/time-budget.ts";
import { MemberGate } from "./member-gate.ts";
import { type AssumeRole, MemberSession } from "./member-session.ts";

/** An account whose regions can be read. */
export interface OpenAccount {
  readonly account: ScopedAccount;
  readonly cloud: Cloud;
  readonly gate: AccountGate;
  /** Whether calls of the account wait for its pace, so that more of its regions would only wait too. */
  readonly isCongested: () => boolean;
}

/** What accounts are opened with. */
export interface AccountAccess extends Pick<AccountScope, "callerFailure"> {
  /** The cloud as the caller sees it. */
  readonly ownCloud: Cloud;
  readonly assumeRole: AssumeRole;
  readonly clock: () => Date;
  readonly deadline: TimeBudget;
  /** Called when an account is no longer congested. */
  readonly onIdle: () => void;
}

/**
 * Opens an account: the caller's own as it is, any other by the role that is assumed there.
 *
 * @throws {@link UnreadableError} when it cannot be: none of its regions can be read then
 */
export async function openAccount(
  account: ScopedAccount,
  { ownCloud, assumeRole, clock, deadline, onIdle, callerFailure }: AccountAccess,
): Promise<OpenAccount> {
  const pace = new Pace(deadline, { onIdle });
  const isCongested = (): boolean => pace.isCongested;
  if (account.role === null) {
    if (callerFailure !== undefined) throw callerUnknown(callerFailure);
    return { account, cloud: ownCloud, gate: pace, isCongested };
  }
  const session = new MemberSession(account.role, assumeRole, clock);
  await session.refresh();
  return { account, cloud: session.cloud, gate: new MemberGate(pace, session), isCongested };
}

/** Never with the caller's credentials: the account may be another one. */
function callerUnknown({ code, message }: CallerFailure): UnreadableError {
  return new UnreadableError(
    code,
    `The account has no role to assume, and whether it is that of the credentials could not be learnt. ${message}`,
    { evidence: NO_EVIDENCE },
  );
}
