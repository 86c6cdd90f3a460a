import type { TrailEvent } from "../../audit/trail.ts";
import { cellText } from "../../report/table/cell-text.ts";
import { EN } from "../../report/words/en.ts";
import type { HistoryWindow } from "../history.ts";
import { describeDay } from "../utc-day.ts";
import type { HistoryWords } from "./history-words.ts";

/** The words of histories in English. */
export const HISTORY_EN: HistoryWords = {
  report: EN,
  time,
  days,
  span: (from, to) => `${from} to ${to}`,
  became: (before, after) => `${before} to ${after}`,
  gaps: {
    NO_RUN: "no run",
    UNREADABLE: "could not be read",
    OUT_OF_SCOPE: "not asked about",
    EVIDENCE_UNUSABLE: "kept, but not usable",
  },
  heads: {
    status: "STATUS",
    account: "ACCOUNT",
    region: "REGION",
    resource: "RESOURCE",
    since: "SINCE",
    days: "DAYS",
    first: "FIRST",
    last: "LAST",
  },
  label: (head) => head.toLowerCase(),
  gone: "GONE",
  exempt: (status) => `${status} (exempt)`,
  accountDays: (accountId, { total, covered, compliant }) =>
    `Account ${accountId}: ${covered} of ${days(total)} covered in full, ${compliant} compliant.`,
  titles: {
    changes: "Changes",
    trail: "Who changed flow logs",
    gaps: "Days without an observation",
  },
  gapLine: (span, count, reason, whose) =>
    `${span} (${days(count)}): ${reason}: ${whose.join(", ")}`,
  everything: "everything",
  more: (count) => `${count} more`,

  deed,
  deedFailed: (code) => `; it failed: ${code}`,
  colon: ": ",
  trailProblem: (problem) => `ActionTrail could not be asked: ${problem}`,
  noChange: (trail) =>
    `ActionTrail recorded no change in account ${cellText(trail.accountId ?? "")} ${fromTo(trail)}.`,
  trailFailure: ({ regionId, code, message }) =>
    `${cellText(regionId)}: ActionTrail could not be asked (${code}): ${cellText(message)}`,
  trailCut: (trail) => `ActionTrail keeps events for 90 days: it was asked ${fromTo(trail)}.`,
  onlyAccount: (accountId, others) =>
    `Only account ${accountId} was asked, that of the credentials, and not ${others.join(", ")}.`,

  noRun: (evidence, window) => {
    const to = lastDay(window);
    const span = window.from === null ? `until ${to}` : `from ${describeDay(window.from)} to ${to}`;
    return `No run is kept in ${evidence} ${span}. Check the address, and whether runs keep evidence there.`;
  },
  runs: ({ used, first, last }, evidence, window) => {
    const from = window.from === null ? "the first run" : describeDay(window.from);
    const count = used === 1 ? "1 run" : `${used} runs`;
    return `${count} of ${evidence} from ${from} to ${lastDay(window)}: the first ${time(first)}, the last ${time(last)}.`;
  },
  unused: (count) => `${count === 1 ? "1 kept run is" : `${count} kept runs are`} not used.`,
  proof: "A status was observed at these runs; nothing is known of the time between two of them.",
};

/** A time to the minute: `2026-11-28T17:00Z`. */
function time(iso: string): string {
  return new Date(iso).toISOString().replace(/:\d\d\.\d{3}Z$/, "Z");
}

function days(count: number): string {
  return count === 1 ? "1 day" : `${count} days`;
}

function lastDay({ to }: HistoryWindow): string {
  return `${describeDay(to)}, days in UTC`;
}

function fromTo({
  from,
  to,
}: {
  readonly from: string | null;
  readonly to: string | null;
}): string {
  return `from ${time(from ?? "")} to ${time(to ?? "")}`;
}

/** `DeleteFlowLog by ram-user alice from 203.0.113.7`. */
function deed(event: TrailEvent): string {
  const { identityType, userName, principalId, sourceIp, accessKeyEnd } = event;
  const who = [identityType, userName ?? principalId].filter((part) => part !== null).join(" ");
  const parts = [
    `${event.name} by ${who === "" ? "somebody who is not named" : who}`,
    sourceIp === null ? "" : ` from ${sourceIp}`,
    accessKeyEnd === null ? "" : ` with a key that ends in ${accessKeyEnd}`,
  ];
  return cellText(parts.join(""));
}
