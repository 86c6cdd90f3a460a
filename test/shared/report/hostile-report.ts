import type { Finding } from "../../../shared/audit/finding.ts";
import { type Report, summarize } from "../../../shared/audit/report.ts";
import { HOSTILE_TEXTS } from "../../harness/hostile-texts.ts";
import { reportWith } from "../../harness/report-with.ts";

/** Names of whatever has one in the cloud. */
export const HOSTILE_NAMES: readonly string[] = [...HOSTILE_TEXTS, "", " "];

/** A name in the title of a test. */
export function shown(name: string): string {
  return JSON.stringify(name).slice(0, 40);
}

/**
 * A report with a finding of each status, in which all text from outside is this name.
 *
 * @param accountId - of its findings. @default an account's id
 */
export function reportNaming(name: string, accountId = "1234567890123456"): Report {
  const report = reportWith([
    "COMPLIANT",
    "NON_COMPLIANT",
    "INSUFFICIENT_DATA",
    "NOT_APPLICABLE",
    "IGNORED",
  ]);
  const findings = report.findings.flatMap((finding) => {
    const named = naming({ ...finding, accountId }, name);
    return [named, { ...named, resource: { type: name, id: name, name } }];
  });
  const regions = [...new Set(findings.map(({ regionId }) => regionId))];
  const reason = { code: "NOT_READY", message: name } as const;
  return {
    ...report,
    scope: { accounts: [accountId], regions },
    accounts: [
      { id: accountId, name, regions, status: "audited" },
      { id: "2000000000000000", name, regions: [], status: "skipped", reason },
    ],
    summary: summarize(findings),
    findings,
    warnings: [name],
  };
}

function naming(finding: Finding, name: string): Finding {
  const { status, reason, regionId } = finding;
  const exemption = {
    owner: name,
    reason: name,
    expires: "2026-11-25",
    endsSoon: true,
    observed: { status: "NON_COMPLIANT", reason },
  } as const;
  return {
    ...finding,
    regionId: name + regionId,
    localName: name,
    reason: { ...reason, message: name },
    evidence: { ...finding.evidence, requestId: name, endpoint: name },
    ...(status === "IGNORED" && { exemption }),
  };
}
