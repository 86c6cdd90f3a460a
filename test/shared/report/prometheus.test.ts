import { describe, expect, test } from "vitest";

import type { Status } from "../../../shared/audit/finding.ts";
import type { Report } from "../../../shared/audit/report.ts";
import { METRICS_BY, type MetricsBy } from "../../../shared/report/format.ts";
import { prometheus } from "../../../shared/report/prometheus.ts";
import { DEFAULT_RULES } from "../../../shared/rules/rules.ts";
import { CALLER_ID, memberId, organizationReport } from "../../harness/organization-report.ts";
import { askPython, hasPython } from "../../harness/python.ts";
import { reportWith } from "../../harness/report-with.ts";
import { resourceReport } from "../../harness/resource-report.ts";
import { HOSTILE_NAMES, reportNaming, shown } from "./hostile-report.ts";
import { metricsOf } from "./read-metrics.ts";
import { withExemption } from "./with-exemption.ts";

const ACCOUNT = "1234567890123456";
const RULE = "flow-log-service-activated";
const ALL_STATUSES: readonly Status[] = [
  ...(["COMPLIANT", "NON_COMPLIANT", "INSUFFICIENT_DATA", "NOT_APPLICABLE", "IGNORED"] as const),
];

async function render(report: Report, metricsBy?: MetricsBy): Promise<string> {
  const options = { color: false, cards: DEFAULT_RULES };
  return prometheus.render(report, metricsBy === undefined ? options : { ...options, metricsBy });
}

/** The samples of one metric, each as its labels and its value. */
async function samplesOf(metric: string, report: Report, metricsBy?: MetricsBy) {
  return (await metricsOf(report, metricsBy))
    .filter(({ name }) => name === `flowlog_guard_${metric}`)
    .map(({ labels, value }) => [labels, value] as const);
}

describe("a report as metrics", () => {
  test("is this, byte for byte", async () => {
    expect(await render(reportWith(["NON_COMPLIANT"]))).toBe(
      `# HELP flowlog_guard_build_info Always 1; the version of flowlog-guard.
# TYPE flowlog_guard_build_info gauge
flowlog_guard_build_info{version="0.1.0"} 1
# HELP flowlog_guard_last_run_timestamp_seconds When the last audit ended, in seconds since 1970 UTC. A run that fails leaves the metrics of the last one.
# TYPE flowlog_guard_last_run_timestamp_seconds gauge
flowlog_guard_last_run_timestamp_seconds 1795334401.2
# HELP flowlog_guard_last_run_duration_seconds How long the last audit took.
# TYPE flowlog_guard_last_run_duration_seconds gauge
flowlog_guard_last_run_duration_seconds 1.2
# HELP flowlog_guard_last_run_complete 1 where everything in scope could be read; 0 where a region or resource could not, or the caller or the management account could not be identified.
# TYPE flowlog_guard_last_run_complete gauge
flowlog_guard_last_run_complete 1
# HELP flowlog_guard_rule_info Always 1; what is true of what complies with each rule, and the published controls that this implements, or is a precondition of.
# TYPE flowlog_guard_rule_info gauge
flowlog_guard_rule_info{rule="flow-log-service-activated",title="VPC flow log service is activated",severity="critical",controls="CIS Alibaba Cloud Foundation Benchmark 2.0.0 2.5 (precondition); CIS Alibaba Cloud Foundation Benchmark 2.0.0 3.3 (precondition)"} 1
# HELP flowlog_guard_findings Number of findings by account, rule and status, 0 included. NON_COMPLIANT is the number to alert on; INSUFFICIENT_DATA could not be read; IGNORED is exempt, whatever was observed.
# TYPE flowlog_guard_findings gauge
flowlog_guard_findings{account="1234567890123456",rule="flow-log-service-activated",status="NON_COMPLIANT",severity="critical"} 1
flowlog_guard_findings{account="1234567890123456",rule="flow-log-service-activated",status="INSUFFICIENT_DATA",severity="critical"} 0
flowlog_guard_findings{account="1234567890123456",rule="flow-log-service-activated",status="IGNORED",severity="critical"} 0
flowlog_guard_findings{account="1234567890123456",rule="flow-log-service-activated",status="COMPLIANT",severity="critical"} 0
flowlog_guard_findings{account="1234567890123456",rule="flow-log-service-activated",status="NOT_APPLICABLE",severity="critical"} 0
# HELP flowlog_guard_compliant 1 is COMPLIANT, 0 is NON_COMPLIANT. What could not be read, is exempt or not applicable has no series: see flowlog_guard_findings.
# TYPE flowlog_guard_compliant gauge
flowlog_guard_compliant{account="1234567890123456",rule="flow-log-service-activated",region="cn-r0",severity="critical"} 0
# HELP flowlog_guard_finding_reason Always 1; why something is NON_COMPLIANT, or INSUFFICIENT_DATA.
# TYPE flowlog_guard_finding_reason gauge
flowlog_guard_finding_reason{account="1234567890123456",rule="flow-log-service-activated",region="cn-r0",status="NON_COMPLIANT",reason="NOT_ACTIVATED"} 1
`,
    );
  });

  test("says compliant or not of what is one of both, and of nothing else", async () => {
    expect(await samplesOf("compliant", reportWith(ALL_STATUSES))).toEqual([
      [{ account: ACCOUNT, rule: RULE, region: "cn-r0", severity: "critical" }, 1],
      [{ account: ACCOUNT, rule: RULE, region: "cn-r1", severity: "critical" }, 0],
    ]);
  });

  test("gives the reason of what is not compliant, or could not be read", async () => {
    const of = { account: ACCOUNT, rule: RULE };
    expect(await samplesOf("finding_reason", reportWith(ALL_STATUSES))).toEqual([
      [{ ...of, region: "cn-r1", status: "NON_COMPLIANT", reason: "NOT_ACTIVATED" }, 1],
      [{ ...of, region: "cn-r2", status: "INSUFFICIENT_DATA", reason: "TIMEOUT" }, 1],
    ]);
  });

  test.each(METRICS_BY)("counts each status of each account and rule, by %s", async (metricsBy) => {
    const report = organizationReport([
      { id: CALLER_ID, statuses: ["COMPLIANT", "COMPLIANT", "IGNORED"] },
      { id: memberId(1) },
      { id: memberId(2), statuses: ["INSUFFICIENT_DATA", "NON_COMPLIANT"] },
    ]);
    const counts = (await samplesOf("findings", report, metricsBy)).map(
      ([{ account, rule, status }, value]) => [account, rule, status, value],
    );
    expect(counts).toEqual([
      [CALLER_ID, RULE, "NON_COMPLIANT", 0],
      [CALLER_ID, RULE, "INSUFFICIENT_DATA", 0],
      [CALLER_ID, RULE, "IGNORED", 1],
      [CALLER_ID, RULE, "COMPLIANT", 2],
      [CALLER_ID, RULE, "NOT_APPLICABLE", 0],
      [memberId(2), RULE, "NON_COMPLIANT", 1],
      [memberId(2), RULE, "INSUFFICIENT_DATA", 1],
      [memberId(2), RULE, "IGNORED", 0],
      [memberId(2), RULE, "COMPLIANT", 0],
      [memberId(2), RULE, "NOT_APPLICABLE", 0],
    ]);
  });

  test("distinguishes resources by type and id", async () => {
    const report = resourceReport([
      { id: "vpc-1", name: "prod" },
      { id: "vpc-2", status: "COMPLIANT" },
    ]);
    const of = { account: ACCOUNT, rule: "vpc-flow-log-active", region: "cn-hangzhou" };
    const vpc = { ...of, resource_type: "ACS::VPC::VPC", severity: "high" };
    expect(await samplesOf("compliant", report)).toEqual([
      [{ ...vpc, resource: "vpc-1" }, 0],
      [{ ...vpc, resource: "vpc-2" }, 1],
    ]);
  });

  test("says until when something is exempt: the end of that day", async () => {
    const report = withExemption(reportWith(["IGNORED", "IGNORED"]), "2026-12-31", "2026-11-25");
    const of = { account: ACCOUNT, rule: RULE };
    const [later, sooner] = [Date.UTC(2027, 0, 1), Date.UTC(2026, 10, 26)].map((ms) => ms / 1_000);
    const metric = "exemption_expires_timestamp_seconds";
    expect(await samplesOf(metric, report)).toEqual([
      [{ ...of, region: "cn-r0" }, later],
      [{ ...of, region: "cn-r1" }, sooner],
    ]);
    expect(await samplesOf(metric, report, "account")).toEqual([[of, sooner]]);
  });

  test("has no series for a region or resource when it is by account", async () => {
    const text = await render(reportWith(ALL_STATUSES), "account");
    expect(text).not.toMatch(/region=|resource=|flowlog_guard_(compliant|finding_reason)/);
    expect(text).toMatch(/flowlog_guard_last_run_complete 0\n/);
  });

  test("names accounts, and those that were skipped", async () => {
    const report = organizationReport([
      { id: CALLER_ID, name: "security", statuses: ["COMPLIANT"] },
      { id: memberId(1), name: "old" },
      { id: memberId(2), statuses: ["COMPLIANT"] },
    ]);
    expect(await samplesOf("account_info", report)).toEqual([
      [{ account: CALLER_ID, name: "security" }, 1],
      [{ account: memberId(1), name: "old" }, 1],
    ]);
    expect(await samplesOf("account_skipped", report)).toEqual([
      [{ account: memberId(1), reason: "BEING_DELETED" }, 1],
    ]);
  });

  const read = reportWith(["COMPLIANT", "NON_COMPLIANT", "IGNORED", "NOT_APPLICABLE"]);
  test.each<[string, Report, number]>([
    ["everything could be read", read, 1],
    ["something could not be read", reportWith(["COMPLIANT", "INSUFFICIENT_DATA"]), 0],
    ["the account is assumed", { ...read, accountAssumed: true }, 0],
    ["the management account is not known", { ...read, managementAccountUnknown: true }, 0],
  ])("says whether it is complete: %s", async (_what, report, expected) => {
    expect(await samplesOf("last_run_complete", report)).toEqual([[{}, expected]]);
  });

  test("counts the worst where two ids differ only in what a label cannot have", async () => {
    const report = resourceReport([
      { id: "vpc-\u0000", status: "COMPLIANT" },
      { id: "vpc-\uD800", status: "NON_COMPLIANT" },
      { id: "vpc-\u200B", status: "COMPLIANT" },
    ]);
    expect(
      (await samplesOf("compliant", report)).map(([{ resource }, value]) => [resource, value]),
    ).toEqual([["vpc-", 0]]);
    const counts = await samplesOf("findings", report);
    expect(
      counts.filter(([, value]) => value > 0).map(([{ status }, value]) => [status, value]),
    ).toEqual([
      ["NON_COMPLIANT", 1],
      ["COMPLIANT", 2],
    ]);
  });
});

const hasReader = hasPython("prometheus_client");

/** Both parsers of prometheus_client: they must agree, and that of OpenMetrics is the stricter one. */
const READ = `
import json, sys
from prometheus_client.parser import text_string_to_metric_families as read_text
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics

def samples(families):
    return [[s.name, s.labels, s.value, s.timestamp] for f in families for s in f.samples]

answers = []
for text in json.load(sys.stdin):
    families = list(read_text(text))
    assert all(f.documentation and f.type == "gauge" for f in families)
    assert samples(families) == samples(read_openmetrics(text + "# EOF\\n")), text
    answers.append(samples(families))
print(json.dumps(answers))
`;

describe("to the parsers of prometheus_client, as .ci/run installs it,", () => {
  async function parse(reports: readonly Report[], metricsBy: MetricsBy): Promise<unknown> {
    const texts = await Promise.all(reports.map((report) => render(report, metricsBy)));
    return askPython(READ, JSON.stringify(texts));
  }

  test.skipIf(!hasReader)("a file is valid and says what it should", async () => {
    const reports = [
      reportWith(ALL_STATUSES),
      withExemption(reportWith(["IGNORED", "COMPLIANT"]), "2026-12-31"),
      organizationReport([
        { id: CALLER_ID, name: "security", statuses: ALL_STATUSES },
        { id: memberId(1), name: "old" },
      ]),
      resourceReport([
        { id: "vpc-1", name: "prod" },
        { regionId: "cn-a", status: "NOT_APPLICABLE" },
      ]),
      reportWith([]),
    ];
    for (const by of METRICS_BY) {
      const expected = await Promise.all(reports.map((report) => metricsOf(report, by)));
      expect(await parse(reports, by)).toEqual(
        expected.map((samples) =>
          samples.map(({ name, labels, value }) => [name, labels, value, null]),
        ),
      );
    }
  });

  test.skipIf(!hasReader)("no name breaks it or makes two series one", async () => {
    const reports = HOSTILE_NAMES.flatMap((name) => [reportNaming(name), reportNaming(name, name)]);
    for (const by of METRICS_BY) {
      const read = await parse(reports, by);
      const expected = await Promise.all(reports.map((report) => metricsOf(report, by)));
      expect(read).toEqual(
        expected.map((samples) =>
          samples.map(({ name, labels, value }) => [name, labels, value, null]),
        ),
      );
    }
  });

  test.skipIf(!hasReader).each([
    ["a sample twice", "flowlog_guard_x 1\nflowlog_guard_x 1\n"],
    ["CRLF", "flowlog_guard_x 1\r\n"],
    ["an open label", 'flowlog_guard_x{a="b} 1\n'],
  ])("%s would not be valid", (_what, text) => {
    const metric = `# HELP flowlog_guard_x X\n# TYPE flowlog_guard_x gauge\n${text}`;
    expect(() => askPython(READ, JSON.stringify([metric]))).toThrow(/Error/);
  });
});

test.each(HOSTILE_NAMES.map((name) => [shown(name), name]))(
  "metrics have no line, time or mark that the name %s brings",
  async (_shown, name) => {
    for (const by of METRICS_BY) {
      const text = await render(reportNaming(name, name), by);
      expect(text).not.toMatch(/[^\n\P{Cc}]|[\p{Cf}\p{Cs}\u2028\u2029]/u);
      expect(text).toMatch(/[^\n]\n$/);
      for (const line of text.trimEnd().split("\n")) {
        expect(line).toMatch(
          /^(# (HELP|TYPE) flowlog_guard_\w+ .+|flowlog_guard_\w+(\{\w+="([^"\\]|\\["\\])+"(,\w+="([^"\\]|\\["\\])+")*\})? [\d.]+)$/,
        );
      }
    }
  },
);
