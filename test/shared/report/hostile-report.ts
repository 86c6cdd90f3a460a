import type { Finding } from "../../../shared/audit/finding.ts";
import { type Report, summarize } from "../../../shared/audit/report.ts";
import { reportWith } from "../../harness/report-with.ts";

/** Texts that an attacker, or an accident, could give to whatever has a name in the cloud. */
export const HOSTILE_NAMES: readonly string[] = [
  ...["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "＋1", "－1", "＠1"],
  ...['=cmd|"/C calc"!A0', 'x;=1+1;"=2', '"=1', "\u200B=1", "'=1"],
  ...["<script>alert(1)</script>", "]]>&amp;&lt;", "a|b`c`*d*", `"quotes" and 'more' \\ \\n`],
  ...["line\nbreak\r\nand\u2028more\u0085", '{x="y"} 1\n# HELP x\nflowlog_guard_compliant 1'],
  ...["\u001B[31mred\u0007\u0000\uFFFE\uFFFF", "\uD83D lone \uDC69", "\u202Egnp.exe\u2066\u200B"],
  ...["__proto__", "constructor", "", " ", "账号，名称", "👩‍👩‍👧‍👦", "x".repeat(5_000)],
];

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
