import type { Finding } from "../../audit/finding.ts";
import type { Report } from "../../audit/report.ts";
import { ownReason } from "../../audit/rule-card.ts";
import type { LeftOut } from "./choose-findings.ts";
import { locationsOf } from "./locations.ts";
import { messageText } from "./message-text.ts";
import { findingProperties, type RunContext } from "./run-context.ts";

/** Codes of notifications that no finding has, and what they mean. */
const OWN_CODES = {
  RESULTS_LEFT_OUT: "Findings for which the file has no room",
  ACCOUNT_ASSUMED: "The caller could not be identified",
  MANAGEMENT_ACCOUNT_UNKNOWN: "The management account of the resource directory is not known",
  CONFIGURATION: "A problem of the configuration that did not stop the audit",
  NOT_READY: "A member of the resource directory that is not ready, and was not audited",
  BEING_DELETED: "A member of the resource directory that is being deleted, and was not audited",
} as const;
type OwnCode = keyof typeof OWN_CODES;

/**
 * The notification of a finding that could not be read: nobody knows whether it is compliant, so it is no
 * result.
 */
export function unreadableNotification(finding: Finding, context: RunContext): object {
  const { ruleId, reason, evidence } = finding;
  const index = context.rules.get(ruleId)?.index;
  return {
    level: "error",
    descriptor: { id: reason.code },
    associatedRule: { id: ruleId, ...(index !== undefined && { index }) },
    message: { text: messageText(reason.message) },
    locations: locationsOf(finding),
    ...(evidence.checkedAt !== null && { timeUtc: evidence.checkedAt }),
    properties: findingProperties(finding, context),
  };
}

/** Notifications about the run as a whole, apart from the configuration. */
export function runNotifications(report: Report): readonly object[] {
  const skipped = report.accounts.flatMap((account) =>
    account.status === "skipped"
      ? [
          {
            ...notification(account.reason.code, account.reason.message),
            properties: { accountId: account.id, accountName: account.name },
          },
        ]
      : [],
  );
  const account = report.accountAssumed === true ? [assumedNotification()] : [];
  const management = report.managementAccountUnknown === true ? [managementNotification()] : [];
  return [...account, ...management, ...skipped];
}

function assumedNotification(): object {
  return notification(
    "ACCOUNT_ASSUMED",
    "The caller could not be identified. The account is assumed to be the one that the state belongs to.",
  );
}

function managementNotification(): object {
  return notification(
    "MANAGEMENT_ACCOUNT_UNKNOWN",
    "The management account of the resource directory could not be learnt, so it may be missing from the scope.",
  );
}

/** Says how many findings of each status the file has no room for. */
export function leftOutNotification({ counts, total }: LeftOut): object {
  const listed = Object.entries(counts).map(([status, count]) => `${count} ${status}`);
  return {
    ...notification(
      "RESULTS_LEFT_OUT",
      `Left out of this file: ${listed.join(", ")}, of ${total} findings. The report in JSON has all of them.`,
    ),
    properties: { leftOut: counts, total },
  };
}

/** Notifications about the configuration. */
export function configurationNotifications({ warnings = [] }: Report): readonly object[] {
  return warnings.map((warning) => notification("CONFIGURATION", warning));
}

function notification(id: OwnCode, text: string): object {
  return { level: "warning", descriptor: { id }, message: { text: messageText(text) } };
}

/** Describes the codes that notifications of a report may have. */
export function describeNotifications(
  { findings }: Report,
  { cards }: RunContext,
): readonly object[] {
  const meanings = new Map<string, string | null>(Object.entries(OWN_CODES));
  for (const { status, ruleId, reason } of findings) {
    if (status !== "INSUFFICIENT_DATA" || meanings.has(reason.code)) continue;
    const card = cards.find(({ id }) => id === ruleId);
    meanings.set(reason.code, ownReason(reason.code, card)?.en ?? null);
  }
  return [...meanings].map(([id, text]) => ({
    id,
    ...(text !== null && { shortDescription: { text: messageText(text) } }),
  }));
}
