/**
 * The columns, in their order. Readers depend on it: a new column comes last.
 *
 * - `account_id` begins with a tab, so that Excel keeps its 16 digits: programs take it off.
 * - `status` is a finding's, or `SKIPPED` for an account that was not audited.
 * - `observed_status` and `observed_reason_code` are what was read, also where an exemption covers it.
 * - `controls` are the rule's, divided by `; `, each with `(implements)` or `(precondition)` after it;
 *   `compliant_means` says in words what `COMPLIANT` proves, and what it does not.
 * - `exemption_expires` is the last day of the exemption, UTC.
 * - `remedy_command` and `console_url` are there where `status` is `NON_COMPLIANT`.
 * - `checked_at` and the times of the run are ISO 8601, UTC; `duration_ms` includes waits.
 * - `account_assumed` is `true` where the caller could not be identified, and empty otherwise.
 */
export const CSV_COLUMNS = [
  "account_id",
  "account_name",
  "region",
  "region_name",
  "rule",
  "rule_title",
  "severity",
  "resource_type",
  "resource_id",
  "resource_name",
  "status",
  "reason_code",
  "message",
  "observed_status",
  "observed_reason_code",
  "exemption_owner",
  "exemption_reason",
  "exemption_expires",
  "remedy_command",
  "console_url",
  "controls",
  "compliant_means",
  "checked_at",
  "request_id",
  "endpoint",
  "http_status",
  "attempts",
  "duration_ms",
  "run_id",
  "run_started_at",
  "run_finished_at",
  "tool_version",
  "account_assumed",
] as const;

/** The cells of a row by column; one that is left out, null or undefined is empty. */
export type CsvRow = {
  readonly [Column in (typeof CSV_COLUMNS)[number]]?: string | number | null | undefined;
};
