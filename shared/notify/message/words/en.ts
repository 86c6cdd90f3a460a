import { formatMinute } from "../minute.ts";
import type { Words } from "../words.ts";

export const EN: Words = {
  language: "en",

  labels: {
    opened: "not activated",
    stillOpen: "still not activated",
    unreadable: "cannot be read",
    stillUnreadable: "still cannot be read",
    resolved: "resolved, now activated",
    readable: "can be read again",
    exempt: "exempt",
    unscoped: "no longer checked",
  },
  regions,
  subject: " · VPC flow log service",
  summaryOf({ total, notActivated, unreadable, activated, exempt }) {
    const counts = [
      ...(notActivated > 0 ? [`${notActivated} not activated`] : []),
      ...(unreadable > 0 ? [`${unreadable} cannot be read`] : []),
      ...(activated > 0 ? [`${activated} activated`] : []),
      ...(exempt > 0 ? [`${exempt} exempt`] : []),
    ];
    return `summary of ${regions(total)}: ${counts.join(", ")}`;
  },
  nothingRead: "summary: nothing was checked",
  test: "test message",
  verdictSeparator: "; ",

  isOpen: "the VPC flow log service is not activated",
  isStillOpen: "the VPC flow log service is still not activated",
  isOpenOtherwise: "the VPC flow log service is not activated, now for another reason",
  isResolved: "resolved, the VPC flow log service is activated",
  isUnreadable: "cannot be read",
  isStillUnreadable: "still cannot be read",
  isReadable: "can be read again",
  isExempted: {
    open: "the VPC flow log service is not activated, exempt until ",
    unreadable: "cannot be read, exempt until ",
  },
  isUnscoped: {
    open: "the VPC flow log service was not activated when last read",
    unreadable: "could not be read last time",
  },
  wasOpenWhenLastRead: "could not be read this time, and was not activated when last read",
  wasOpen: (time) =>
    `When last read, it was not activated${time === null ? "." : ` (since ${time}).`}`,
  wasOpenMark: "not activated when last read",
  time: (timeMs) => `${formatMinute(timeMs)} UTC`,
  since: (time) => `since ${time}`,
  sinceFirst: (time) => `since ${time} or later`,
  hadBeenSince: (time) => `the problem began ${time}`,
  account: "account ",
  console: "Console",
  fix: "Fix",
  fixEach: "Fix, for each id",
  createFlowLog: "Create a flow log",
  reason: {
    ACCESS_DENIED: "a permission is missing",
    CREDENTIALS_INVALID: "the credentials were refused",
    THROTTLED: "too many requests",
    TIMEOUT: "no answer in time",
    UNREACHABLE: "no connection",
    REGION_NOT_FOUND: "there is no such region",
    MALFORMED_RESPONSE: "the answer made no sense",
    SERVICE_ERROR: "the service failed",
    DEADLINE_EXCEEDED: "the run had no time left",
    EXEMPT: "an exemption holds",
  },
  whatToDo: ["What to do about ", ": "],

  notActivated: "Not activated",
  alsoNotActivated: "Still not activated, as told before",
  notRead: "Could not be read",
  exemptionEnds: "exemption ends on ",
  exemptionOwner: ", owner: ",
  readOf: (read, total) => `Read ${read} of ${regions(total)}`,
  bearsOn: {
    implements: (framework, ids) => `${framework} ${controls(ids)}`,
    precondition: (framework, ids) => `precondition of ${framework} ${controls(ids)}`,
  },
  stateFailed:
    "The state cannot be read or written. Until it can, alerts may be repeated, and nobody is told that a region is activated again or cannot be read.",
  testNote: "Nothing has happened. Alerts will arrive here.",
  more: (n) => `and ${n} more`,
  separator: ", ",
  comma: ", ",
  colon: ": ",
  brackets: [" (", ")"],
  showsAnyLocalName: false,
};

function regions(count: number): string {
  return `${count} ${count === 1 ? "region" : "regions"}`;
}

function controls(ids: readonly string[]): string {
  return `${ids.length === 1 ? "control" : "controls"} ${new Intl.ListFormat("en").format(ids)}`;
}
