import { invokeAudit } from "../alibaba/fc.ts";
import type { AccountScope, ScopedAccount } from "../audit/account-scope.ts";
import type { Finding } from "../audit/finding.ts";
import type { RuleId } from "../rules/rule-ids.ts";
import type { AuditedAccounts } from "../run/accounts/audit-organization.ts";
import { acceptPart } from "./accept-part.ts";
import type { FanOutRun, Target } from "./fan-out-run.ts";
import { findingsOfLostPart } from "./lost-part.ts";
import { type PartOutcome, runParts } from "./run-parts.ts";
import { splitAccounts } from "./split-accounts.ts";

/**
 * Audits the accounts of a scope by invocations of the audit function, each for a part of them.
 *
 * @returns complete: what a lost part was to audit is `INSUFFICIENT_DATA` with `PART_FAILED`
 * @throws `NotInvocableError` when the function cannot be invoked at all
 */
export async function auditParts(
  { accounts, listed, localNames }: AccountScope,
  run: FanOutRun,
  target: Target,
): Promise<AuditedAccounts> {
  const { options, runId, rules, cards, deadline, clock, credentials, endpoint, transport } = run;
  const { parts, warning } = splitAccounts(accounts, cards, options.parts);
  const outcomes = await runParts(parts, {
    runId,
    rules,
    listed,
    deadline,
    clock,
    invoke: async (event, budget) =>
      invokeAudit({ ...target, credentials, endpoint, transport }, { ...event }, budget),
    accept: (answer, accountsOfPart, sentAtMs) =>
      acceptPart(answer, {
        runId,
        accounts: accountsOfPart,
        cards,
        callerId: target.accountId,
        sentAtMs,
        answeredAtMs: clock().getTime(),
      }),
  });
  const findings: Finding[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    const found = findingsOf(outcome, parts[index] ?? [], rules, target);
    for (const finding of found) {
      findings.push(withLocalName(finding, localNames.get(finding.regionId)));
    }
  }
  // Warnings of parts are about the configuration and the scope, of which the whole run warns.
  return { findings, warnings: warning === null ? [] : [warning] };
}

function findingsOf(
  outcome: PartOutcome,
  accounts: readonly ScopedAccount[],
  rules: readonly RuleId[],
  { functionName }: Target,
): readonly Finding[] {
  return "lost" in outcome
    ? findingsOfLostPart(accounts, rules, functionName, outcome.lost)
    : outcome.findings;
}

/** Parts know the ids of regions only. */
function withLocalName(finding: Finding, localName: string | undefined): Finding {
  if (localName === undefined) return finding;
  const { ruleId, accountId, regionId, resource, ...rest } = finding;
  const about = resource === undefined ? {} : { resource };
  return { ruleId, accountId, regionId, ...about, localName, ...rest };
}
