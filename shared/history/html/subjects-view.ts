import type { Texts } from "../../audit/rule-card.ts";
import { type Content, element } from "../../report/html/element.ts";
import { STATUS_WORDS } from "../../report/html/report-words.ts";
import { timeView } from "../../report/html/run-view.ts";
import { type AccountView, nameView, resourceView } from "../../report/html/subject-view.ts";
import { rankOf } from "../../report/status-order.ts";
import type { History, SubjectHistory } from "../history.ts";
import { describeDay } from "../utc-day.ts";
import { GAP_NAMES, GONE } from "./words.ts";

/** Rows of the table at most; the JSON in the page has all subjects. */
const MAX_ROWS = 2_000;

const HEADS: readonly Texts[] = [
  { en: "Status", zh: "状态" },
  { en: "Region or resource", zh: "地域或资源" },
  { en: "Since", zh: "起始时间" },
  { en: "Days covered", zh: "覆盖天数" },
  { en: "First, last observation", zh: "首次、末次观测" },
  { en: "Days without an observation", zh: "无观测的日期" },
];

/**
 * A table of the subjects of a rule, the worst first.
 *
 * @param labelIds - the ids of the headings that name it, with a space between them
 * @param accountView - null where there is one account
 */
export function subjectsView(
  { subjects }: History,
  ruleId: string,
  labelIds: string,
  accountView: AccountView | null,
): Content {
  const own = subjects.filter((subject) => subject.ruleId === ruleId);
  const shown = own.toSorted((a, b) => severityOf(a) - severityOf(b)).slice(0, MAX_ROWS);
  const hidden = own.length - shown.length;
  return [
    element(
      "div",
      { class: "table", tabindex: "0", role: "region", "aria-labelledby": labelIds },
      element(
        "table",
        {},
        element(
          "thead",
          {},
          element(
            "tr",
            {},
            HEADS.map((head) => element("th", { scope: "col" }, head)),
          ),
        ),
        element(
          "tbody",
          {},
          shown.map((subject) => rowView(subject, accountView)),
        ),
      ),
    ),
    hidden === 0
      ? null
      : element(
          "p",
          { class: "note" },
          {
            en: `${hidden} more are in the JSON of this page.`,
            zh: `另有 ${hidden} 项，见本页所含 JSON。`,
          },
        ),
  ];
}

/** The lower, the worse; what is gone comes last. */
function severityOf({ status }: SubjectHistory): number {
  return status === null ? Infinity : rankOf(status);
}

function rowView(subject: SubjectHistory, accountView: AccountView | null): Content {
  const { accountId, regionId, resource, since, days, firstObserved, lastObserved } = subject;
  return element(
    "tr",
    {},
    element("td", { "data-status": subject.status }, statusView(subject)),
    element(
      "td",
      {},
      accountView === null ? null : [accountView(accountId), " "],
      nameView(regionId),
      resource === null ? null : [" ", resourceView(resource)],
    ),
    element("td", {}, timeView(since)),
    element("td", {}, `${days.covered}/${days.total}`),
    element(
      "td",
      {},
      firstObserved === null || lastObserved === null
        ? "–"
        : [timeView(firstObserved), " – ", timeView(lastObserved)],
    ),
    element("td", {}, gapsView(subject)),
  );
}

function statusView({ status, lastKnown }: SubjectHistory): Content {
  const { mark, name } = status === null ? GONE : STATUS_WORDS[status];
  const before = lastKnown === null || lastKnown === status ? null : STATUS_WORDS[lastKnown].name;
  return element(
    "span",
    { class: "status" },
    `${mark} `,
    name,
    before === null ? null : { en: ` (${before.en})`, zh: `（${before.zh}）` },
  );
}

function gapsView({ gaps }: SubjectHistory): Content {
  if (gaps.length === 0) return "–";
  return gaps.map(({ from, to, reason }, index) => [
    index === 0 ? null : element("br", {}),
    from === to ? describeDay(from) : `${describeDay(from)} – ${describeDay(to)}`,
    " ",
    GAP_NAMES[reason],
  ]);
}
