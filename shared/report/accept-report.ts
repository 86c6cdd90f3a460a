import { accountSelection, type AccountSelector, isAccountId } from "../audit/account-selector.ts";
import { type Report, UNKNOWN_ACCOUNT } from "../audit/report.ts";
import type { RuleCard } from "../audit/rule-card.ts";
import { isRegionId, type RegionSelector, selectorMatcher } from "../audit/scope.ts";
import { CLOCK_TOLERANCE_MS } from "./problem-of-report.ts";
import { readReport, type ReportRead } from "./read-report.ts";

/** What the audit elsewhere was asked for. */
export interface Asked {
  /** Null where the function's own configuration selects the regions. */
  readonly selectors: readonly RegionSelector[] | null;
  /** Null where the function's own configuration chooses the rules. */
  readonly ruleIds: readonly string[] | null;
  /** The account that the function is in, and audits where nothing else is configured. */
  readonly accountId: string;
  /** Null where the function's own configuration selects the accounts. */
  readonly accounts: readonly AccountSelector[] | null;
  /** When the function was invoked, in milliseconds since the epoch. */
  readonly atMs: number;
  /** When its answer had arrived, in milliseconds since the epoch. */
  readonly answeredAtMs: number;
}

/**
 * Accepts a report that came from elsewhere, if it is valid, and the answer to what was asked.
 *
 * @param known - the cards of this version's rules
 */
export function acceptReport(value: unknown, known: readonly RuleCard[], asked: Asked): ReportRead {
  const read = readReport(value, known);
  if ("problem" in read) return read;
  const problem =
    problemOfCaller(read.report, asked) ??
    (asked.accounts === null ? null : problemOfSelection(read.report, asked.accounts)) ??
    problemOfTime(read.report, asked) ??
    (asked.selectors === null ? null : problemOfRegions(read.report, asked.selectors)) ??
    (asked.ruleIds === null ? null : problemOfRules(read.report, asked.ruleIds));
  return problem === null ? read : { problem };
}

/**
 * The caller is the account of the function. Where the function could not identify it, an account that was
 * audited alone and without a role is that account, or unknown. What else a report says of whose accounts
 * it is of, `readReport` has checked.
 */
function problemOfCaller({ accounts, caller }: Report, { accountId }: Asked): string | null {
  const problem = `it is not of the account ${accountId}`;
  if (caller !== null) return caller.accountId === accountId ? null : problem;
  const [only, ...others] = accounts.filter((account) => account.status === "audited");
  const isOwn = only?.id === accountId || only?.id === UNKNOWN_ACCOUNT;
  return isOwn || others.length > 0 || only?.roleArn !== undefined ? null : problem;
}

/** An account that is written out may be there as one that was skipped. */
function problemOfSelection(
  { accounts }: Report,
  selectors: readonly AccountSelector[],
): string | null {
  const isWanted = accountSelection(selectors);
  const reported = new Set(accounts.map(({ id }) => id));
  const missing = selectors.find(
    (selector) =>
      isAccountId(selector) && isWanted({ id: selector, name: null }) && !reported.has(selector),
  );
  if (missing !== undefined) return `it says nothing of the account ${missing}`;
  return accounts.every(({ id, name = null }) => isWanted({ id, name }))
    ? null
    : "it is of an account that it was not asked for";
}

function problemOfTime({ startedAt }: Report, { atMs, answeredAtMs }: Asked): string | null {
  const startedAtMs = Date.parse(startedAt);
  if (startedAtMs < atMs - CLOCK_TOLERANCE_MS) {
    return `it is of ${startedAt}, more than five minutes before the function was invoked`;
  }
  return startedAtMs > answeredAtMs + CLOCK_TOLERANCE_MS
    ? `it is of ${startedAt}, which is still to come`
    : null;
}

function problemOfRegions({ scope }: Report, selectors: readonly RegionSelector[]): string | null {
  const isWanted = selectorMatcher(selectors);
  const reported = new Set(scope.regions);
  const missing = selectors.find(
    (selector) => isRegionId(selector) && isWanted(selector) && !reported.has(selector),
  );
  if (missing !== undefined) return `it says nothing of the region ${missing}`;
  return scope.regions.every(isWanted) ? null : "it is of a region that it was not asked for";
}

function problemOfRules({ rules }: Report, ruleIds: readonly string[]): string | null {
  const reported = rules.map(({ id }) => id);
  const missing = ruleIds.find((id) => !reported.includes(id));
  if (missing !== undefined) return `it says nothing of the rule ${missing}`;
  return reported.every((id) => ruleIds.includes(id))
    ? null
    : "it is of a rule that it was not asked for";
}
