import type { AccountScope, ScopedAccount } from "../../audit/account-scope.ts";
import type { Cloud } from "../../audit/cloud.ts";
import type { Finding } from "../../audit/finding.ts";
import type { Organization } from "../../audit/organization.ts";
import { UnreadableError } from "../../audit/region-reader.ts";
import type { RuleSettings } from "../../audit/rule-settings.ts";
import { startTimeBudget } from "../../retry/time-budget.ts";
import type { Rule } from "../../rules/rule.ts";
import { evaluateRegion } from "../evaluate-region.ts";
import { type Evaluation, unreadable } from "../evaluate-rule.ts";
import { explainMissingHost, NETWORK_DOWN } from "../host-failures.ts";
import { CloudRegionReader, type ReadOptions } from "../region-reader.ts";
import { toFinding } from "../to-finding.ts";
import { roleAssumer } from "./assume-roles.ts";
import { openAccount, type OpenAccount } from "./open-account.ts";
import { RegionQueue } from "./region-queue.ts";

/** What is asked of each account, and how much at once. */
export interface AccountsAudit {
  readonly rules: readonly Rule[];
  readonly settings: RuleSettings;
  /** Regions read at once, of all accounts together; from 1. */
  readonly concurrency: number;
  /** Calls of STS in any second. */
  readonly stsCallsPerSecond: number;
  /** The region whose STS endpoint is asked first. */
  readonly homeRegionId: string;
  /** Called when a rule was evaluated in a region of an account; in no order. */
  readonly onEvaluated?:
    | ((evaluations: readonly Evaluation[], account: ScopedAccount) => void)
    | undefined;
}

/** The cloud, and other accounts of it. */
export interface AccountsSource {
  readonly cloud: Cloud;
  readonly organization: Organization;
}

/**
 * Audits many accounts: every rule in every region of each. A role that cannot be assumed, and a session
 * that is refused, is a finding for each region of that account, and stops no other.
 *
 * @param limits - `deadline` ends the audit; what was not read by then is `INSUFFICIENT_DATA`
 * @returns findings in no order
 */
export async function auditAccounts(
  scope: AccountScope,
  { cloud, organization }: AccountsSource,
  { rules, settings, concurrency, onEvaluated, ...sts }: AccountsAudit,
  limits: Omit<ReadOptions, "gate">,
): Promise<readonly Finding[]> {
  const deadline = startTimeBudget(
    limits.deadline.remainingMs(),
    "DEADLINE_EXCEEDED",
    limits.deadline,
  );
  const within = { ...limits, deadline };
  const findings: Finding[] = [];
  let finished = false;
  let hostResolved = scope.listed.size > 0;

  const keep = (
    evaluated: readonly Evaluation[],
    account: ScopedAccount,
  ): readonly Evaluation[] => {
    const evaluations = explainMissingHost(evaluated, scope.listed);
    for (const evaluation of evaluations) {
      hostResolved ||= evaluation.hostResolved === true;
      const localName = scope.localNames.get(evaluation.regionId);
      findings.push(toFinding(evaluation, account.id, localName));
    }
    if (!finished) onEvaluated?.(evaluations, account);
    return evaluations;
  };
  const access = {
    ownCloud: cloud,
    assumeRole: roleAssumer(organization, { ...within, ...sts }),
    clock: limits.clock,
    deadline,
    onIdle: () => queue.wake(),
    ...(scope.callerFailure !== undefined && { callerFailure: scope.callerFailure }),
  };
  // The caller's own account first: its keys are not renewed, and a long run may outlive them.
  const inTurn = scope.accounts.toSorted(
    (a, b) => Number(a.role !== null) - Number(b.role !== null),
  );
  const queue = new RegionQueue(inTurn, async (account): Promise<OpenAccount | null> => {
    try {
      return await openAccount(account, access);
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      for (const regionId of account.regionIds) {
        for (const { id } of rules) {
          // Whether a host of STS resolved says nothing of the region's.
          keep([{ ...unreadable(id, regionId, error), hostResolved: undefined }], account);
        }
      }
      return null;
    }
  });
  const readRegions = async (): Promise<void> => {
    for (let task = await queue.next(); task !== null; task = await queue.next()) {
      const { open, regionId } = task;
      const { account, gate } = open;
      const identity = async () => ({ id: account.id, assumed: false });
      const region = new CloudRegionReader(open.cloud, regionId, identity, { ...within, gate });
      await evaluateRegion(rules, region, settings, (evaluated) => keep(evaluated, account));
    }
  };
  try {
    await Promise.all(Array.from({ length: concurrency }, readRegions));
    return hostResolved ? findings : findings.map(explainNetworkDown);
  } finally {
    // Cancels calls that are still under way.
    finished = true;
    deadline.cancel();
    deadline.release();
  }
}

/** Where no host at all resolved: the ids of the regions may be right. */
function explainNetworkDown(finding: Finding): Finding {
  return finding.reason.code === "REGION_NOT_FOUND"
    ? { ...finding, reason: NETWORK_DOWN }
    : finding;
}
