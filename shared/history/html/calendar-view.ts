import { groupBy } from "../../audit/group-by.ts";
import type { Texts } from "../../audit/rule-card.ts";
import { type Content, element } from "../../report/html/element.ts";
import type { AccountHistory, DayStatus } from "../history.ts";
import { describeDay, type UtcDay } from "../utc-day.ts";
import { DAY_WORDS } from "./words.ts";

const MONTH: Texts = { en: "Month", zh: "月份" };
const DAYS_OF_MONTH = Array.from({ length: 31 }, (_, index) => index + 1);

/**
 * The days of an account, a row a month and a column a day, with a mark and a word for each.
 *
 * @param labelIds - the ids of the headings that name it, with a space between them
 */
export function calendarView({ calendar }: AccountHistory, labelIds: string): Content {
  const statusOf = new Map<UtcDay, DayStatus>();
  for (const { from, to, status } of calendar) {
    for (let day = from; day <= to; day += 1) statusOf.set(day, status);
  }
  const months = groupBy([...statusOf], ([day]) => describeDay(day).slice(0, 7));
  return element(
    "div",
    { class: "table", tabindex: "0", role: "region", "aria-labelledby": labelIds },
    element(
      "table",
      { class: "matrix" },
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          element("th", { scope: "col" }, MONTH),
          DAYS_OF_MONTH.map((day) => element("th", { scope: "col", class: "day" }, String(day))),
        ),
      ),
      element(
        "tbody",
        {},
        [...months].map(([month, ofMonth]) => monthView(month, new Map(ofMonth))),
      ),
    ),
  );
}

function monthView(month: string, statusOf: ReadonlyMap<UtcDay, DayStatus>): Content {
  const byDate = new Map([...statusOf].map(([day, status]) => [describeDay(day), status]));
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, month),
    DAYS_OF_MONTH.map((day) => {
      const status = byDate.get(`${month}-${String(day).padStart(2, "0")}`);
      if (status === undefined) return element("td", {});
      const { mark, name } = DAY_WORDS[status];
      return element(
        "td",
        { "data-status": status === "NO_RUN" ? null : status },
        mark,
        element("span", { class: "unseen" }, " ", name),
      );
    }),
  );
}

/** The mark and the word of each status that a day can have. */
export function calendarLegend(): Content {
  return element(
    "p",
    { class: "legend" },
    Object.entries(DAY_WORDS).map(([status, { mark, name }]) => [
      element(
        "span",
        { "data-status": status === "NO_RUN" ? null : status },
        element("b", {}, mark),
        " ",
        name,
      ),
      " ",
    ]),
  );
}
