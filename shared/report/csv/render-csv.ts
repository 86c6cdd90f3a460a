import { type Finding, observedOf } from "../../audit/finding.ts";
import { accountNamesOf, type Report, UNKNOWN_ACCOUNT } from "../../audit/report.ts";
import type { RuleCard } from "../../audit/rule-card.ts";
import { controlList } from "../control-list.ts";
import { findingRemedy } from "../finding-remedy.ts";
import type { RenderOptions } from "../format.ts";
import { ruleMeaning } from "../rule-meaning.ts";
import { CSV_COLUMNS, type CsvRow } from "./columns.ts";
import { safeRow } from "./safe-row.ts";
import { writeCsv } from "./write-csv.ts";

/** In place of a finding's status, so that no filter for one finds the row. */
const SKIPPED = "SKIPPED";

/**
 * Writes the findings in the order of the report, which is the same on every run, so that two files can
 * be compared; then a row for each account that was not audited, without which the list would seem
 * complete.
 */
export function renderCsv(report: Report, { cards }: Pick<RenderOptions, "cards">): string {
  const ofRun = safeRow(rowOfRun(report));
  const rows = [...findingRows(report, cards), ...skippedRows(report).map(safeRow)];
  return writeCsv(
    CSV_COLUMNS,
    rows.map((row) => ({ ...row, ...ofRun })),
  );
}

/** What is the same in every row. */
function rowOfRun({ runId, startedAt, finishedAt, tool, accountAssumed }: Report): CsvRow {
  return {
    run_id: runId,
    run_started_at: startedAt,
    run_finished_at: finishedAt,
    tool_version: tool.version,
    account_assumed: accountAssumed === true ? "true" : null,
  };
}

function findingRows(report: Report, cards: readonly RuleCard[]): CsvRow[] {
  const names = accountNamesOf(report);
  // What many rows have in common is made safe once.
  const rules = new Map(report.rules.map((rule) => [rule.id, safeRow(rowOfRule(rule, cards))]));
  return report.findings.map((finding) => ({
    ...rules.get(finding.ruleId),
    ...safeRow({
      ...rowOfFinding(finding),
      ...rowOfRemedy(finding, cards),
      account_name: names.get(finding.accountId),
    }),
  }));
}

function rowOfRule(rule: Report["rules"][number], cards: readonly RuleCard[]): CsvRow {
  return {
    rule_title: rule.title,
    severity: rule.severity,
    controls: controlList(rule),
    compliant_means: ruleMeaning(
      rule,
      cards.find(({ id }) => id === rule.id),
    ),
  };
}

function rowOfFinding(finding: Finding): CsvRow {
  const { resource, exemption, evidence } = finding;
  const observed = observedOf(finding);
  return {
    account_id: finding.accountId,
    region: finding.regionId,
    region_name: finding.localName,
    rule: finding.ruleId,
    resource_type: resource?.type,
    resource_id: resource?.id,
    resource_name: resource?.name,
    status: finding.status,
    reason_code: finding.reason.code,
    message: finding.reason.message,
    observed_status: observed.status,
    observed_reason_code: observed.reason.code,
    exemption_owner: exemption?.owner,
    exemption_reason: exemption?.reason,
    exemption_expires: exemption?.expires,
    checked_at: evidence.checkedAt,
    request_id: evidence.requestId,
    endpoint: evidence.endpoint,
    http_status: evidence.httpStatus,
    attempts: evidence.attempts,
    duration_ms: evidence.durationMs,
  };
}

function rowOfRemedy(finding: Finding, cards: readonly RuleCard[]): CsvRow {
  const remedy = findingRemedy(finding, cards);
  return { remedy_command: remedy?.command, console_url: remedy?.consoleUrl };
}

function skippedRows({ accounts, managementAccountUnknown }: Report): CsvRow[] {
  const skipped = accounts
    .filter((account) => account.status === "skipped")
    .map(({ id, name, reason }) => ({
      account_id: id,
      account_name: name,
      status: SKIPPED,
      reason_code: reason.code,
      message: reason.message,
    }));
  if (managementAccountUnknown !== true) return skipped;
  const unknown = {
    account_id: UNKNOWN_ACCOUNT,
    status: SKIPPED,
    reason_code: "MANAGEMENT_ACCOUNT_UNKNOWN",
    message:
      "The management account of the resource directory could not be learnt, and may be missing here.",
  };
  return [...skipped, unknown];
}
