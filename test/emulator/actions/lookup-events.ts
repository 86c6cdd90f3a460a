import { errorAnswer } from "../answer.ts";
import { tokenPage } from "../paging.ts";
import type { TrailEventSeed } from "../trail-seed.ts";
import type { Action } from "../world.ts";

/** Items on a page. */
const PAGE = { min: 1, default: 20, max: 50 };
const DAY_MS = 86_400_000;
/** The longest range of a query, and how far back events are kept. */
const MAX_RANGE_MS = 90 * DAY_MS;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/**
 * Answers with whole events, whatever they contain, oldest first.
 *
 * @see https://www.alibabacloud.com/help/en/actiontrail/latest/api-actiontrail-2020-07-06-lookupevents
 */
export const lookUpEvents: Action = {
  version: "2020-07-06",
  answer({ world, query, accountId }) {
    const [start, end] = [query.get("StartTime") ?? "", query.get("EndTime") ?? ""];
    if (!TIME.test(start) || !TIME.test(end)) return invalid("StartTime");
    const [fromMs, toMs] = [Date.parse(start), Date.parse(end)];
    const oldestMs = (world.now?.() ?? Date.now()) - MAX_RANGE_MS;
    if (toMs <= fromMs || toMs - fromMs > MAX_RANGE_MS || fromMs < oldestMs) {
      return invalid("StartTime");
    }
    if (query.get("Direction") !== "FORWARD") return invalid("Direction");
    if (query.get("LookupAttribute.1.Key") !== "EventName" || query.has("LookupAttribute.2.Key")) {
      return invalid("LookupAttribute");
    }
    const name = query.get("LookupAttribute.1.Value");
    const events = (world.trail?.[accountId] ?? []).filter((event) => {
      const atMs = Date.parse(event.eventTime);
      return (
        event.acsRegion === query.get("RegionId") &&
        event.eventName === name &&
        atMs >= fromMs &&
        atMs <= toMs
      );
    });
    const page = tokenPage(events, orderOf, query, PAGE);
    if ("status" in page) return page;
    const token = page.nextToken === "" ? {} : { NextToken: page.nextToken };
    return { status: 200, body: { StartTime: start, EndTime: end, Events: page.items, ...token } };
  },
  faultFor: ({ world }) => world.faults.LookupEvents,
};

function orderOf({ eventTime, eventId }: TrailEventSeed): string {
  return `${eventTime} ${eventId}`;
}

function invalid(parameter: string) {
  return errorAnswer(400, "InvalidQueryParameter", `The parameter "${parameter}" is not valid.`);
}
