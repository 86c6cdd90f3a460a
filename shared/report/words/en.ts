import type { Status } from "../../audit/finding.ts";
import { notAskedTexts } from "../not-asked.ts";
import { ruleMeaning } from "../rule-meaning.ts";
import { cellText } from "../table/cell-text.ts";
import type { Counted, CountedFindings, ReportWords } from "./report-words.ts";

const STATUS_COUNTS: Readonly<Record<Status, string>> = {
  COMPLIANT: "compliant",
  NON_COMPLIANT: "not compliant",
  INSUFFICIENT_DATA: "could not be read",
  NOT_APPLICABLE: "not applicable",
  IGNORED: "ignored",
};

/** The words of reports in English. Messages are the report's own. */
export const EN: ReportWords = {
  language: "en",
  counted,
  separator: ", ",
  time: (iso) => iso,

  heads: {
    status: "STATUS",
    account: "ACCOUNT",
    rule: "RULE",
    region: "REGION",
    resource: "RESOURCE",
    name: "NAME",
    reason: "REASON",
    requestId: "REQUEST ID",
  },
  statuses: {
    COMPLIANT: "COMPLIANT",
    NON_COMPLIANT: "NON_COMPLIANT",
    INSUFFICIENT_DATA: "INSUFFICIENT_DATA",
    NOT_APPLICABLE: "NOT_APPLICABLE",
    IGNORED: "IGNORED",
  },
  statusCount: (count, status) => `${count} ${STATUS_COUNTS[status]}`,
  message: ({ reason }) => reason.message,
  meaning: ruleMeaning,
  ofRule: (ruleId, text) => `${ruleId}: ${text}`,
  notAsked: (way) => notAskedTexts(way).en,

  summarized: (findings) =>
    `${counted(findings, "finding")} summarized: in a file or a pipe each has a line`,
  hidden: (findings) => `${counted(findings, "finding")} not shown (--only)`,
  andCounts: (counts) => `  and ${counts}`,
  inAllRegions: (account, code, regions) => `${account}: ${code} in all ${regions} regions`,
  fine: (accounts, counts) => `${accounts}: ${counts}`,
  regionsCompliant: (regions) => `${counted(regions, "region")} compliant`,
  countsInRegions: (counts, regions) => `${counts} in ${counted(regions, "region")}`,
  codeInRegions: (code, regions, accounts) =>
    `${code} in ${counted(regions, "region")} of ${counted(accounts, "account")}`,
  example: (account, place) => `For example ${account}, ${place}: `,
  skipped: ({ code, message }) => `not audited: ${cellText(code)}: ${cellText(message)}`,
  skippedMessage: ({ message }) => message,
  managementUnknown:
    "Not known: the management account of the resource directory, which may be missing here.",
  ownCredentials:
    "Run each command with credentials of its account: the role that the audit assumes there only reads.",
  rolePermission:
    "In another account, the identity that needs the permission is the role that the audit assumes there: see flowlog-guard policy --member.",

  total: (regions, findings) =>
    findings === null
      ? counted(regions, "region")
      : `${counted(findings, "finding")} in ${counted(regions, "region")}`,
  accounts: ({ only, audited, skipped, isAssumed, caller }) =>
    [
      only === null ? `${audited} accounts` : `account ${only}${isAssumed ? " (assumed)" : ""}`,
      ...(skipped === 0 ? [] : [`${counted(skipped, "account")} skipped`]),
      ...(caller === null ? [] : [`audited by ${caller}`]),
    ].join(", "),
  seconds: (seconds) => `(${seconds} s)`,
  summary: (total, accounts, counts, seconds) =>
    `${total} of ${accounts}: ${counts.join(", ")} ${seconds}`,

  markdown: {
    heads: {
      status: "Status",
      account: "Account",
      region: "Region",
      rule: "Rule",
      resource: "Resource",
      reason: "Reason",
      found: "What was found",
    },
    nonCompliant: (counts) =>
      `${counts.nonCompliant} of ${all(counts)} ${counts.nonCompliant === 1 ? "is" : "are"} not compliant`,
    incomplete: (counts) =>
      `Incomplete: ${counts.insufficientData} of ${all(counts)} could not be read`,
    nothingToJudge: (counts) => `Nothing to judge: ${all(counts)} not applicable`,
    compliant: (counts) =>
      `${counts.compliant} of ${all(counts)} compliant${counts.ignored > 0 ? `, ${counts.ignored} ignored by an exemption` : ""}`,
    notAudited: (accounts) => `; ${counted(accounts, "account")} not audited`,
    countHeads: ["Status", "Meaning", "Findings"],
    meanings: { ...STATUS_COUNTS, IGNORED: "ignored: an exemption applies" },
    fact: (name, value) => `${name}: ${value}`,
    facts: {
      account: "Account",
      accounts: "Accounts",
      regions: "Regions",
      rules: "Rules",
      auditedBy: "Audited by",
      time: "Time",
      run: "Run",
    },
    assumed: ", assumed: the caller is not known",
    callerUnknown: "not known",
    fromTo: (from, to) => `${from} to ${to}`,
    sections: {
      attention: "Needs attention",
      toDo: "What to do",
      skipped: "Accounts that were not audited",
      warnings: "Warnings",
      proof: "What it proves",
    },
    managementUnknown:
      "The management account of the resource directory is not known, and may be missing from this report.",
    leftOut: (what) => `${what} left out.`,
    leftOutNotice: (findings, counts) =>
      `**${findings} left out**, because GitHub limits the size of a job summary: ${counts}. The report in JSON has them all.`,
    commentAccount: "account",
  },
  notes: {
    writtenTo: (path) => `report written to ${path}`,
    addedToJobSummary: "report added to the job summary",
  },
};

function counted(count: number, noun: Counted): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

function all({ total, noun }: CountedFindings): string {
  return counted(total, noun);
}
