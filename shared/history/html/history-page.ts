import type { RuleCard, Texts } from "../../audit/rule-card.ts";
import { digestView } from "../../report/html/digest-view.ts";
import { type Content, element } from "../../report/html/element.ts";
import { factsView } from "../../report/html/finding-view.ts";
import { renderPage } from "../../report/html/page.ts";
import { meaningView } from "../../report/html/rule-view.ts";
import { timeView } from "../../report/html/run-view.ts";
import { section } from "../../report/html/section.ts";
import { shownText } from "../../report/html/shown-text.ts";
import { type AccountView, accountViews, nameView } from "../../report/html/subject-view.ts";
import { digestDocument } from "../../report/report-digest.ts";
import { timeTexts } from "../../report/time-texts.ts";
import type { HistoryOptions } from "../history-format.ts";
import type { AccountHistory, ControlHistory, History } from "../history.ts";
import { historyDocument } from "../json.ts";
import { describeDay } from "../utc-day.ts";
import { calendarLegend, calendarView } from "./calendar-view.ts";
import { changesView, trailView } from "./changes-view.ts";
import { subjectsView } from "./subjects-view.ts";
import { days, runs } from "./words.ts";

/** Calendars of one rule at most: those of the accounts with the fewest compliant days. */
const MAX_CALENDARS = 40;

/** Writes a history as a page that consists of one file: a calendar for each account under each rule first. */
export function renderHistoryPage(history: History, options: HistoryOptions): string {
  const { window, controls } = history;
  const { evidence, madeAt, cards, language } = options;
  const { text: json, sha256 } = digestDocument(historyDocument(history, options));
  const accountView = accountViews(history.accountNames);
  const span = spanOf(history);
  const rules = [...new Map(controls.map((control) => [control.ruleId, control])).values()];
  return renderPage({
    title: {
      en: `${span.en} · history of flow log compliance`,
      zh: `${span.zh} · 合规历史`,
    },
    product: { en: "History of flow log compliance", zh: "flowlog-guard 合规历史" },
    main: [
      element("h1", {}, span),
      element("p", { class: "quiet" }, summaryOf(history)),
      element("p", { class: "note" }, PROOF),
      ...rules.map((rule, index) => ruleView(history, rule, cards, `rule-${index}`, accountView)),
      section("changes", { en: "Changes", zh: "变化" }, changesView(history, accountView)),
      section(
        "trail",
        { en: "Who changed flow logs", zh: "操作审计 ActionTrail 记录（北京时间）" },
        trailView(history),
      ),
      section("unusable", { en: "Kept, and not used", zh: "未采用的证据" }, unusableView(history)),
      section("made", { en: "This history", zh: "本历史" }, [
        factsView([
          [{ en: "Evidence", zh: "证据" }, element("code", {}, nameView(evidence))],
          [{ en: "Made", zh: "生成时间" }, timeView(madeAt)],
        ]),
        digestView({
          id: "history",
          sha256,
          fileName: `flowlog-guard-history-${describeDay(window.to)}.json`,
        }),
      ]),
    ],
    margins: {
      top: `SHA-256 ${sha256}`,
      bottom: `${shownText(evidence)}   ${timeTexts(madeAt)[language ?? "en"]}`,
    },
    data: { history: json },
    language,
  });
}

const PROOF: Texts = {
  en: "A status was observed at the times of the runs; nothing is known of the time between two of them. Days are days in UTC.",
  zh: "状态仅在各次检查的时间点被观测到；两次检查之间的情况未知。日期按 UTC 划分；时刻为北京时间，其日期可能比 UTC 晚一天。",
};

const SUBJECTS: Texts = { en: "Regions and resources", zh: "地域与资源" };

/** The first and the last day. */
function spanOf({ window, runs: { first } }: History): Texts {
  const from = window.from === null ? first?.slice(0, 10) : describeDay(window.from);
  const to = describeDay(window.to);
  return from === undefined
    ? { en: `Until ${to}`, zh: `截至 ${to}` }
    : { en: `${from} to ${to}`, zh: `${from} 至 ${to}` };
}

function summaryOf({ runs: { used, first, last } }: History): Content {
  if (first === null || last === null) {
    return { en: "No run is kept of these days.", zh: "这些日期没有保存任何检查。" };
  }
  return [
    runs(used),
    { en: ", the first at ", zh: "，首次：" },
    timeView(first),
    { en: ", the last at ", zh: "，末次：" },
    timeView(last),
  ];
}

function ruleView(
  history: History,
  { ruleId, accounts }: ControlHistory,
  cards: readonly RuleCard[],
  id: string,
  accountView: AccountView,
): Content {
  const card = cards.find((known) => known.id === ruleId);
  const worstFirst = accounts.toSorted((a, b) => a.days.compliant - b.days.compliant);
  const shown = worstFirst.slice(0, MAX_CALENDARS);
  const hidden = worstFirst.length - shown.length;
  return section(id, { en: card?.title ?? ruleId, zh: card?.words.zh.title ?? ruleId }, [
    card === undefined ? null : element("p", { class: "quiet" }, meaningView(card)),
    calendarLegend(),
    shown.map((account, index) => accountSection(account, id, `${id}-${index}`, accountView)),
    hidden === 0
      ? null
      : element(
          "p",
          { class: "note" },
          {
            en: `The calendars of ${hidden} accounts more are in the JSON of this page.`,
            zh: `另有 ${hidden} 个账号的日历，见本页所含 JSON。`,
          },
        ),
    element("h3", { id: `${id}-subjects` }, SUBJECTS),
    subjectsView(history, ruleId, `${id} ${id}-subjects`, accounts.length > 1 ? accountView : null),
  ]);
}

function accountSection(
  account: AccountHistory,
  ruleHeadingId: string,
  id: string,
  accountView: AccountView,
): Content {
  const { total, covered, compliant } = account.days;
  return [
    element("h3", { id }, accountView(account.accountId), {
      en: `: ${covered} of ${days(total).en} covered in full, ${compliant} compliant`,
      zh: `：共 ${days(total).zh}，完整覆盖 ${days(covered).zh}，合规 ${days(compliant).zh}`,
    }),
    calendarView(account, `${ruleHeadingId} ${id}`),
  ];
}

function unusableView({ runs: { unusable } }: History): Content {
  if (unusable.length === 0) return null;
  return element(
    "ul",
    { class: "plain", lang: "en" },
    unusable.map(({ name, message }) =>
      element("li", {}, element("code", {}, nameView(name)), ": ", nameView(message)),
    ),
  );
}
