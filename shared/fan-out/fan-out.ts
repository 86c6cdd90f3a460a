import { invokeAudit } from "../alibaba/fc.ts";
import type { AccountScope, ScopedAccount } from "../audit/account-scope.ts";
import type { Finding } from "../audit/finding.ts";
import type { RuleCard } from "../audit/rule-card.ts";
import { RemoteError } from "../audit/run-error.ts";
import type { Endpoint } from "../http/endpoint.ts";
import type { Transport } from "../http/transport.ts";
import type { TimeBudget } from "../retry/time-budget.ts";
import type { RuleId } from "../rules/rule-ids.ts";
import type { Credentials } from "../service/credentials.ts";
import { acceptPart } from "./accept-part.ts";
import { auditFunctionName } from "./audit-function-name.ts";
import { isTooLarge } from "./is-too-large.ts";
import { findingsOfLostPart } from "./lost-part.ts";
import { NotInvocableError, type PartOutcome, runParts } from "./run-parts.ts";
import { splitAccounts } from "./split-accounts.ts";

/** What the accounts of a scope were found to be. */
export interface AuditedScope {
  /** In no order; without exemptions. */
  readonly findings: readonly Finding[];
  readonly warnings: readonly string[];
}

/** A run that may be divided among invocations of the audit function. */
export interface FanOutRun {
  /** The configuration's. */
  readonly options: { readonly parts: number | null; readonly function: string | null };
  readonly runId: string;
  readonly rules: readonly (RuleCard & { readonly id: RuleId })[];
  /** The time of the audit. */
  readonly deadline: TimeBudget;
  readonly clock: () => Date;
  readonly credentials: Credentials;
  /** The account of the functions; empty where it is not known. */
  readonly accountId: string;
  /** Their region; null where it is not known. */
  readonly regionId: string | null;
  /** The name of the check function, which runs. */
  readonly functionName: string;
  /** Overrides the endpoint of Function Compute. */
  readonly endpoint: Endpoint | null;
  readonly transport: Transport;
}

/** The audit function that parts are given to. */
interface Target {
  readonly accountId: string;
  readonly regionId: string;
  readonly functionName: string;
}

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
  auditHere: () => Promise<AuditedScope>,
): Promise<AuditedScope> {
  const { accounts } = scope;
  const isAsked = run.options.parts !== null;
  if (!isAsked && !isTooLarge(accounts, run.rules.length, run.deadline.remainingMs())) {
    return auditHere();
  }
  const instead = async (problem: string): Promise<AuditedScope> => {
    if (isAsked) throw new RemoteError(`fanOut.parts: ${problem}`);
    const { findings, warnings } = await auditHere();
    return { findings, warnings: [...warnings, warningOfOneProcess(accounts.length, problem)] };
  };
  const target = targetOf(run);
  if (typeof target === "string") return instead(target);
  try {
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

async function auditParts(
  { accounts, listed, localNames }: AccountScope,
  run: FanOutRun,
  target: Target,
): Promise<AuditedScope> {
  const { options, runId, rules: cards, deadline, clock, credentials, endpoint, transport } = run;
  const { parts, warning } = splitAccounts(accounts, cards, options.parts);
  const rules = cards.map(({ id }) => id);
  const outcomes = await runParts(parts, {
    runId,
    rules,
    listed,
    deadline,
    clock,
    invoke: async (event, budget) =>
      invokeAudit({ ...target, credentials, endpoint, transport }, { ...event }, budget),
    accept: (answer, event, sentAtMs) =>
      acceptPart(answer, {
        event,
        accountId: target.accountId,
        cards,
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
  const warnings = outcomes.flatMap((outcome) => ("lost" in outcome ? [] : outcome.warnings));
  return {
    findings,
    warnings: [...new Set([...(warning === null ? [] : [warning]), ...warnings])],
  };
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

function warningOfOneProcess(accountCount: number, problem: string): string {
  return `${accountCount} accounts are audited in one process, and may not be done in time: ${problem} To audit them in parts, deploy the audit function, and allow this one fc:InvokeFunction on it.`;
}
