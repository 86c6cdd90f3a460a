import type { Finding } from "../../audit/finding.ts";
import type { Report } from "../../audit/report.ts";
import type { MetricsBy } from "../format.ts";
import { STATUSES_WORST_FIRST } from "../status-order.ts";
import type { Labels, MetricFamily, Sample } from "./exposition.ts";

const DAY_MS = 86_400_000;

/**
 * The metrics of the findings.
 *
 * @param by - `account` leaves out what has a series for each region and resource
 */
export function familiesOfFindings(report: Report, by: MetricsBy): readonly MetricFamily[] {
  const { findings } = report;
  const severities = new Map(report.rules.map(({ id, severity }) => [id, severity]));
  const labelsOf = by === "account" ? labelsOfGroup : labelsOfSubject;
  const counts: MetricFamily = {
    name: "findings",
    help: "Number of findings by account, rule and status, 0 included. NON_COMPLIANT is the number to alert on; INSUFFICIENT_DATA could not be read; IGNORED is exempt, whatever was observed.",
    samples: [...zeros(report), ...findings.map(one)].map(({ labels, value }) => ({
      labels: { ...labels, severity: severities.get(labels["rule"] ?? "") },
      value,
    })),
    join: (a, b) => a + b,
  };
  const exemptions: MetricFamily = {
    name: "exemption_expires_timestamp_seconds",
    help: "When the exemption ends that covers a finding, in seconds since 1970 UTC: the end of its last day. By account, the first to end.",
    samples: findings.flatMap((finding) =>
      finding.exemption === undefined
        ? []
        : {
            labels: labelsOf(finding),
            value: (Date.parse(finding.exemption.expires) + DAY_MS) / 1_000,
          },
    ),
  };
  if (by === "account") return [counts, exemptions];
  const compliant: MetricFamily = {
    name: "compliant",
    help: "1 is COMPLIANT, 0 is NON_COMPLIANT. What could not be read, is exempt or not applicable has no series: see flowlog_guard_findings.",
    samples: findings.flatMap((finding) => {
      const { status, ruleId } = finding;
      if (status !== "COMPLIANT" && status !== "NON_COMPLIANT") return [];
      const labels = { ...labelsOfSubject(finding), severity: severities.get(ruleId) };
      return { labels, value: Number(status === "COMPLIANT") };
    }),
  };
  const reasons: MetricFamily = {
    name: "finding_reason",
    help: "Always 1; why something is NON_COMPLIANT, or INSUFFICIENT_DATA.",
    samples: findings.flatMap((finding) => {
      const { status, reason } = finding;
      if (status !== "NON_COMPLIANT" && status !== "INSUFFICIENT_DATA") return [];
      return { labels: { ...labelsOfSubject(finding), status, reason: reason.code }, value: 1 };
    }),
  };
  return [counts, compliant, reasons, exemptions];
}

/** A series that is missing says nothing, and one that begins at 1 shows no increase. */
function zeros({ accounts, rules }: Report): Sample[] {
  return accounts
    .filter(({ status }) => status === "audited")
    .flatMap(({ id: account }) =>
      rules.flatMap(({ id: rule }) =>
        STATUSES_WORST_FIRST.map((status) => ({ labels: { account, rule, status }, value: 0 })),
      ),
    );
}

function one(finding: Finding): Sample {
  return { labels: { ...labelsOfGroup(finding), status: finding.status }, value: 1 };
}

function labelsOfGroup({ accountId, ruleId }: Finding): Labels {
  return { account: accountId, rule: ruleId };
}

function labelsOfSubject(finding: Finding): Labels {
  const { regionId, resource } = finding;
  return {
    ...labelsOfGroup(finding),
    region: regionId,
    resource_type: resource?.type,
    resource: resource?.id,
  };
}
