import { type Alert, alertOf, type Change, type ChangeEvent } from "../../shared/alerts/alert.ts";
import type { Finding, Status } from "../../shared/audit/finding.ts";
import { summarize } from "../../shared/audit/report.ts";
import { type RuleCard, summarizeRule } from "../../shared/audit/rule-card.ts";
import { flowLogServiceActivated } from "../../shared/rules/flow-log-service-activated.ts";
import { reportWith } from "./report-with.ts";

/** `sinceMs` of every change. */
export const SINCE_MS = Date.parse("2026-11-20T08:17:42.000Z");

/** The status of a region in the run that finds such a change. */
const STATUSES: Readonly<Record<ChangeEvent, Status>> = {
  opened: "NON_COMPLIANT",
  reminder: "NON_COMPLIANT",
  changed: "NON_COMPLIANT",
  resolved: "COMPLIANT",
  unreadable: "INSUFFICIENT_DATA",
  readable: "COMPLIANT",
  unscoped: "NON_COMPLIANT",
};

/** An alert of a run with a state, about these changes, in regions `cn-r0`, `cn-r1` and so on. */
export function alertWith(
  events: readonly ChangeEvent[],
  {
    edit = (finding) => finding,
    others = [],
    cards = [flowLogServiceActivated],
    ...rest
  }: Partial<Omit<Alert, "rules">> & {
    /** Changes the findings of the regions. */
    readonly edit?: (finding: Finding) => Finding;
    /** The findings of the regions after those, without changes. */
    readonly others?: readonly Status[];
    /** The rules of the run. */
    readonly cards?: readonly RuleCard[];
  } = {},
): Alert {
  const report = reportWith([...events.map((event) => STATUSES[event]), ...others]);
  const findings = report.findings.map(edit);
  const changes = events.map((event, index): Change => ({
    event,
    condition: event === "unreadable" || event === "readable" ? "unreadable" : "open",
    sinceMs: SINCE_MS,
    finding: findingAt(findings, index),
  }));
  const rules = cards.map(summarizeRule);
  const accounts = [...new Set(findings.map(({ accountId }) => accountId))];
  const scope = accounts.length === 0 ? report.scope : { ...report.scope, accounts };
  const found = { ...report, scope, rules, summary: summarize(findings), findings };
  return { ...alertOf(rest.kind ?? "alert", found, cards, changes, true), ...rest };
}

/** The same finding in another account, so that no list joins it with others. */
export function inOwnAccount(finding: Finding): Finding {
  return { ...finding, accountId: `account-of-${finding.regionId}` };
}

/** The same finding about a resource with a long id, of which a message has room for few. */
export function withLongId(finding: Finding): Finding {
  const id = `box-of-${finding.regionId}-${"x".repeat(220)}`;
  return { ...finding, resource: { type: "ACME::Box", id } };
}

function findingAt(findings: readonly Finding[], index: number): Finding {
  const finding = findings[index];
  if (finding === undefined) throw new Error(`there is no finding ${index}`);
  return finding;
}
