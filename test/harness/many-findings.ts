import type { Finding } from "../../shared/audit/finding.ts";
import { type Report, summarize } from "../../shared/audit/report.ts";
import { summarizeRule } from "../../shared/audit/rule-card.ts";
import { vpcFlowLogActive } from "../../shared/rules/vpc-flow-log-active.ts";
import { resourceReport } from "./resource-report.ts";

/**
 * A report of so many VPCs in 1,000 accounts with 30 regions each: of ten, one is not compliant, one could not
 * be read, and eight are compliant.
 */
export function manyFindings(count: number): Report {
  const report = resourceReport([{ status: "COMPLIANT" }]);
  const [sample] = report.findings;
  if (sample === undefined) throw new Error("the report has no finding");
  const findings = Array.from({ length: count }, (_, index) => findingOf(sample, index));
  return {
    ...report,
    rules: [summarizeRule(vpcFlowLogActive)],
    summary: summarize(findings),
    findings,
  };
}

function findingOf(sample: Finding, index: number): Finding {
  const vpcId = `vpc-bp1${String(index).padStart(17, "0")}`;
  const regionId = `cn-region-${index % 30}`;
  const about = {
    ...sample,
    accountId: `2${String(Math.floor(index / 30)).padStart(15, "0")}`,
    regionId,
    resource: { type: "ACS::VPC::VPC", id: vpcId, name: `vpc of team ${index % 97}` },
  };
  if (index % 10 === 0) {
    const command = `aliyun vpc CreateFlowLog --region ${regionId} --ResourceId ${vpcId} --TrafficType All`;
    const reason = {
      code: "NO_FLOW_LOG",
      message: `The VPC has no flow log. Create one: ${command}`,
    };
    const remedy = {
      command,
      terraform: `resource "alicloud_vpc_flow_log" "x" { id = "${vpcId}" }`,
    };
    return { ...about, status: "NON_COMPLIANT", reason, remedy };
  }
  if (index % 10 === 1) {
    const reason = { code: "TIMEOUT", message: "vpc.aliyuncs.com did not answer within 10 s." };
    return { ...about, status: "INSUFFICIENT_DATA", reason };
  }
  const reason = {
    code: "FLOW_LOG_ACTIVE",
    message: `Active flow logs cover the VPC. They are: fl-${index}.`,
  };
  return { ...about, status: "COMPLIANT", reason };
}
