import type { TrailEvent } from "../../audit/trail.ts";
import { cellText } from "../../report/table/cell-text.ts";
import type { History } from "../history.ts";
import type { HistoryWords } from "../words/history-words.ts";

/** A line for each event, then what ActionTrail was not asked or could not answer; none without it. */
export function trailLines({ trail }: History, words: HistoryWords): string[] {
  if (trail === null) return [];
  if (trail.problem !== null) return [words.trailProblem(trail.problem)];
  const { events, failures, otherAccounts, accountId } = trail;
  return [
    ...events.map((event) => eventLine(event, words)),
    ...(events.length === 0 && failures.length === 0 ? [words.noChange(trail)] : []),
    ...failures.map((failure) => words.trailFailure(failure)),
    ...(trail.isCut ? [words.trailCut(trail)] : []),
    ...(otherAccounts.length === 0
      ? []
      : [words.onlyAccount(cellText(accountId ?? ""), otherAccounts.map(cellText))]),
  ];
}

function eventLine(event: TrailEvent, words: HistoryWords): string {
  const { at, regionId, flowLogId, resourceId, errorCode } = event;
  const what = [flowLogId, resourceId].filter((id) => id !== null).map(cellText);
  return [
    `${words.time(at)}   ${cellText(regionId)}   ${words.deed(event)}`,
    what.length === 0 ? "" : `${words.colon}${what.join(words.report.separator)}`,
    errorCode === null ? "" : words.deedFailed(cellText(errorCode)),
  ].join("");
}
