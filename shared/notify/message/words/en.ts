import { formatMinute } from "../minute.ts";
import type { Words } from "../words.ts";

export const EN: Words = {
  opened: (n) => `VPC flow logs not activated: ${regions(n)}`,
  stillOpen: (n) => `VPC flow logs still not activated: ${regions(n)}`,
  resolved: (n) => `resolved, flow logs activated: ${regions(n)}`,
  blind: (n) => `cannot be read: ${regions(n)}`,
  stillBlind: (n) => `still cannot be read: ${regions(n)}`,
  readable: (n) => `can be read again: ${regions(n)}`,
  allClear: (n) => `All clear, VPC flow logs activated: ${regions(n)}`,
  exempt: (n) => `exempt: ${regions(n)}`,
  nothingRead: "Nothing was checked",
  test: "Test message",
  verdictSeparator: "; ",

  isOpen: "VPC flow logs are not activated",
  isStillOpen: "VPC flow logs are still not activated",
  isOpenOtherwise: "VPC flow logs are not activated, now for another reason",
  isResolved: "resolved, VPC flow logs are activated",
  isBlind: "cannot be read",
  isStillBlind: "still cannot be read",
  isReadable: "can be read again",
  wasOpenWhenLastRead: "could not be read this time, and was not activated when last read",
  time: (timeMs) => `${formatMinute(timeMs)} UTC`,
  since: (time) => `since ${time}`,
  hadBeenSince: (time) => `it had been so since ${time}`,
  account: "account ",
  console: "Console",
  fix: "Fix",
  reason: {
    ACTIVATED: "activated",
    NOT_ACTIVATED: "not activated",
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

  notActivated: "Not activated",
  alsoNotActivated: "Still not activated, as told before",
  notRead: "Could not be read",
  exemptionEnds: "exemption ends on ",
  exemptionOwner: ", owner: ",
  readOf: (read, total) => `Read ${read} of ${regions(total)}`,
  control: "CIS Alibaba Cloud Foundation Benchmark 2.5",
  testNote: "This is only a test: nothing happened. Alerts will arrive here.",
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
