import type { Finding } from "../audit/finding.ts";
import type { AuditedAccount, Report } from "../audit/report.ts";
import type { RuleCard } from "../audit/rule-card.ts";
import { CLOCK_TOLERANCE_MS } from "../report/problem-of-report.ts";
import { readReport } from "../report/read-report.ts";
import { regionsByAccount } from "./part-events.ts";
import type { PartEvent } from "./part.ts";

/** What is known of the invocation that a part's answer came from. */
export interface PartInvocation {
  readonly event: PartEvent;
  /** The account of the functions. */
  readonly accountId: string;
  /** The cards of this version's rules. */
  readonly cards: readonly RuleCard[];
  /** When the function was invoked, and when its answer had arrived, in milliseconds since the epoch. */
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
}

/** What an accepted part found, or what is wrong with its answer as a part of a sentence. */
export type PartRead =
  | { readonly findings: readonly Finding[]; readonly warnings: readonly string[] }
  | { readonly problem: string };

/**
 * Accepts the answer to the event of a part, if it is a valid and complete report of exactly that part.
 *
 * @param answer - parsed JSON that nothing else uses: it is changed
 */
export function acceptPart(answer: unknown, invocation: PartInvocation): PartRead {
  const names = takeNames(answer);
  const read = readReport(answer, invocation.cards);
  if ("problem" in read) return read;
  const { report } = read;
  const problem = problemOfRun(report, invocation) ?? problemOfScope(report, invocation.event);
  if (problem !== null) return { problem };
  return {
    findings: report.findings.map((finding, index) => withName(finding, names.get(index))),
    warnings: report.warnings ?? [],
  };
}

function problemOfRun(report: Report, invocation: PartInvocation): string | null {
  const { event, accountId, sentAtMs, answeredAtMs } = invocation;
  if (report.runId !== event.part.runId) return "it is of another run";
  if (report.caller?.accountId !== accountId) return "it is of a function of another account";
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

/** A valid report has a finding for each account, region and rule of its scope, so these are compared. */
function problemOfScope(report: Report, event: PartEvent): string | null {
  const regionsOf = regionsByAccount(event);
  const audited = report.accounts.filter(({ status }) => status === "audited");
  if (audited.length !== report.accounts.length || audited.length !== regionsOf.size) {
    return "it is of more or fewer accounts than it was asked for";
  }
  for (const { id, regions } of audited as readonly AuditedAccount[]) {
    const asked = regionsOf.get(id);
    if (asked === undefined) return "it is of an account that it was not asked for";
    if (asked.length !== regions.length || !asked.every((regionId) => regions.includes(regionId))) {
      return `it is of other regions of the account ${id} than it was asked for`;
    }
  }
  const ruleIds = new Set<string>(event.rules);
  return report.rules.length === ruleIds.size && report.rules.every(({ id }) => ruleIds.has(id))
    ? null
    : "it is of other rules than it was asked for";
}

/**
 * Takes the names of resources out of an answer. They are text from outside, such as the name that
 * somebody gave a VPC, and no reason to refuse a report; what shows a name cleans it.
 *
 * @returns the names by the index of their finding
 */
function takeNames(answer: unknown): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  const { findings }: { findings?: unknown } = Object(answer);
  if (!Array.isArray(findings)) return names;
  for (const [index, finding] of findings.entries()) {
    const { resource }: { resource?: { name?: unknown } } = Object(finding);
    if (Object(resource) !== resource || typeof resource?.name !== "string") continue;
    names.set(index, resource.name);
    delete resource.name;
  }
  return names;
}

function withName(finding: Finding, name: string | undefined): Finding {
  return finding.resource === undefined || name === undefined
    ? finding
    : { ...finding, resource: { ...finding.resource, name } };
}
