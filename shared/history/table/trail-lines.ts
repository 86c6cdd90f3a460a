import type { TrailEvent } from "../../audit/trail.ts";
import { cellText } from "../../report/table/cell-text.ts";
import type { History } from "../history.ts";
import { describeTime } from "./words.ts";

/** Who did what: `DeleteFlowLog by ram-user alice from 203.0.113.7`. */
export function describeDeed(event: TrailEvent): string {
  const { identityType, userName, principalId, sourceIp, accessKeyEnd } = event;
  const who = [identityType, userName ?? principalId].filter((part) => part !== null).join(" ");
  const parts = [
    `${event.name} by ${who === "" ? "somebody who is not named" : who}`,
    sourceIp === null ? "" : ` from ${sourceIp}`,
    accessKeyEnd === null ? "" : ` with a key that ends in ${accessKeyEnd}`,
  ];
  return cellText(parts.join(""));
}

/** A line for each event, then what ActionTrail was not asked or could not answer; none without it. */
export function trailLines({ trail }: History): string[] {
  if (trail === null) return [];
  if (trail.problem !== null) return [`ActionTrail could not be asked: ${trail.problem}`];
  const { events, failures, otherAccounts, accountId, from, to } = trail;
  const span = `from ${describeTime(from ?? "")} to ${describeTime(to ?? "")}`;
  return [
    ...events.map(eventLine),
    ...(events.length === 0 && failures.length === 0
      ? [`ActionTrail recorded no change in account ${cellText(accountId ?? "")} ${span}.`]
      : []),
    ...failures.map(
      ({ regionId, code, message }) =>
        `${cellText(regionId)}: ActionTrail could not be asked (${code}): ${cellText(message)}`,
    ),
    ...(trail.isCut ? [`ActionTrail keeps events for 90 days: it was asked ${span}.`] : []),
    ...(otherAccounts.length === 0
      ? []
      : [
          `Only account ${cellText(accountId ?? "")} was asked, that of the credentials, and not ${otherAccounts.map(cellText).join(", ")}.`,
        ]),
  ];
}

function eventLine(event: TrailEvent): string {
  const { at, regionId, flowLogId, resourceId, errorCode } = event;
  const what = [flowLogId, resourceId].filter((id) => id !== null).map(cellText);
  return [
    `${describeTime(at)}   ${cellText(regionId)}   ${describeDeed(event)}`,
    what.length === 0 ? "" : `: ${what.join(", ")}`,
    errorCode === null ? "" : `; it failed: ${cellText(errorCode)}`,
  ].join("");
}
