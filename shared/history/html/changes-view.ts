import type { Texts } from "../../audit/rule-card.ts";
import type { TrailEvent } from "../../audit/trail.ts";
import { type Content, element } from "../../report/html/element.ts";
import { STATUS_WORDS } from "../../report/html/report-words.ts";
import { timeView } from "../../report/html/run-view.ts";
import { type AccountView, nameView, resourceView } from "../../report/html/subject-view.ts";
import { type Change, changesOf } from "../changes.ts";
import type { History, Period } from "../history.ts";
import { trailLines } from "../table/trail-lines.ts";
import { HISTORY_EN } from "../words/en.ts";
import { HISTORY_ZH } from "../words/zh.ts";

/** Items of a list at most; the JSON in the page has all. */
const MAX_ITEMS = 500;

/** What two runs observed differently, the last first; null where nothing was. */
export function changesView(history: History, accountView: AccountView): Content {
  const changes = changesOf(history).toReversed();
  if (changes.length === 0) return null;
  return [
    element(
      "ul",
      { class: "plain" },
      changes.slice(0, MAX_ITEMS).map((change) => changeView(change, accountView)),
    ),
    leftOut(changes.length - MAX_ITEMS),
  ];
}

function changeView({ subject, before, after, events }: Change, accountView: AccountView): Content {
  const { accountId, regionId, resource, ruleId } = subject;
  return element(
    "li",
    { "data-status": after.status },
    element("span", { class: "status" }, periodView(before), " → ", periodView(after)),
    " ",
    accountView(accountId),
    " ",
    nameView(regionId),
    resource === null ? null : [" ", resourceView(resource)],
    " ",
    element("code", { class: "quiet" }, nameView(ruleId)),
    element("br", {}),
    BETWEEN,
    timeView(before.to),
    " – ",
    timeView(after.from),
    events.map((event) => [element("br", {}), deedView(event)]),
  );
}

const BETWEEN: Texts = { en: "between the runs of ", zh: "介于两次检查之间：" };

function periodView({ status, exemption }: Period): Content {
  const { mark, name } = STATUS_WORDS[status];
  const exempt: Texts = { en: " (exempt)", zh: "（已豁免）" };
  return [`${mark} `, name, exemption === null ? null : exempt];
}

function deedView(event: TrailEvent): Content {
  return [timeView(event.at), " ", inTwoLanguages(HISTORY_EN.deed(event), HISTORY_ZH.deed(event))];
}

/** What ActionTrail recorded, in the words of the table; null where it was not to be asked. */
export function trailView(history: History): Content {
  const lines = trailLines(history, HISTORY_EN);
  const inChinese = trailLines(history, HISTORY_ZH);
  if (lines.length === 0) return null;
  return [
    element(
      "ul",
      { class: "plain" },
      lines
        .slice(0, MAX_ITEMS)
        .map((line, index) => element("li", {}, inTwoLanguages(line, inChinese[index] ?? line))),
    ),
    leftOut(lines.length - MAX_ITEMS),
  ];
}

/** Sentences with names from outside in them. */
function inTwoLanguages(en: string, zh: string): Content {
  return [
    element("span", { lang: "en" }, nameView(en)),
    element("span", { lang: "zh" }, nameView(zh)),
  ];
}

function leftOut(count: number): Content {
  if (count <= 0) return null;
  return element(
    "p",
    { class: "note" },
    {
      en: `${count} more are in the JSON of this page.`,
      zh: `另有 ${count} 项，见本页所含 JSON。`,
    },
  );
}
