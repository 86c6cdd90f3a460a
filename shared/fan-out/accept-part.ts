import { roleArnOf, type ScopedAccount } from "../audit/account-scope.ts";
import type { Finding } from "../audit/finding.ts";
import type { Report } from "../audit/report.ts";
import type { RuleCard } from "../audit/rule-card.ts";
import { CLOCK_TOLERANCE_MS } from "../report/problem-of-report.ts";
import { readReport } from "../report/read-report.ts";

/** What is known of the invocation that a part's answer came from. */
export interface PartInvocation {
  readonly runId: string;
  /** The accounts that were asked for, sorted by id. */
  readonly accounts: readonly ScopedAccount[];
  /** The cards of the rules that were asked for. */
  readonly cards: readonly RuleCard[];
  /** The account of the functions. */
  readonly callerId: string;
  /** When the function was invoked, and when its answer had arrived, in milliseconds since the epoch. */
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
}

/** What an accepted part found, or what is wrong with its answer as a part of a sentence. */
export type PartRead = { readonly findings: readonly Finding[] } | { readonly problem: string };

/**
 * Accepts the answer to an invocation, if it is a valid and complete report of exactly the part that was
 * asked for.
 */
export function acceptPart(answer: unknown, invocation: PartInvocation): PartRead {
  const read = readReport(answer, invocation.cards);
  if ("problem" in read) return read;
  const { report } = read;
  const problem =
    problemOfRun(report, invocation) ??
    problemOfAccounts(report, invocation) ??
    problemOfRules(report, invocation);
  return problem === null ? { findings: report.findings } : { problem };
}

function problemOfRun(report: Report, invocation: PartInvocation): string | null {
  const { runId, callerId, sentAtMs, answeredAtMs } = invocation;
  if (report.runId !== runId) return "it is of another run";
  if (report.caller?.accountId !== callerId) return "it is of a function of another account";
  const startedAtMs = Date.parse(report.startedAt);
  if (
    startedAtMs < sentAtMs - CLOCK_TOLERANCE_MS ||
    startedAtMs > answeredAtMs + CLOCK_TOLERANCE_MS
  ) {
    return `it is of ${report.startedAt}, and not of this invocation`;
  }
  return report.findings.some(({ status }) => status === "IGNORED")
    ? "exemptions have been applied to it"
    : null;
}

/** A valid report is complete for its own scope, so it is enough to compare the scopes. */
function problemOfAccounts(
  { accounts: reported }: Report,
  { accounts: asked }: PartInvocation,
): string | null {
  if (reported.length !== asked.length)
    return "it is of more or fewer accounts than were asked for";
  for (const [index, { id, role, regionIds }] of asked.entries()) {
    const account = reported[index];
    if (account?.id !== id || account.status !== "audited") {
      return "it is of an account that was not asked for";
    }
    if (account.regions.join() !== regionIds.join()) {
      return `it is of other regions of the account ${id} than were asked for`;
    }
    if (account.roleArn !== (role === null ? undefined : roleArnOf(role))) {
      return `it is of another role of the account ${id} than was asked for`;
    }
  }
  return null;
}

function problemOfRules({ rules }: Report, { cards }: PartInvocation): string | null {
  return rules.length === cards.length &&
    rules.every(({ id }) => cards.some((card) => card.id === id))
    ? null
    : "it is of other rules than were asked for";
}
