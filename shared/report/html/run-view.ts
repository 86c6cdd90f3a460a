import type { Report } from "../../audit/report.ts";
import type { Texts } from "../../audit/rule-card.ts";
import { timeTexts } from "../time-texts.ts";
import { type Content, element } from "./element.ts";
import { factsView } from "./finding-view.ts";
import { accounts, regions, TRIGGER_NAMES } from "./report-words.ts";
import { shownText } from "./shown-text.ts";
import { type AccountView, nameView } from "./subject-view.ts";

/** Who asked what, when, and with which version: what an assessor writes down. */
export function runView(report: Report, accountView: AccountView): Content {
  const { caller, tool, trigger, runId, startedAt, finishedAt } = report;
  const seconds = ((Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000).toFixed(1);
  return factsView([
    [{ en: "Scope", zh: "范围" }, scopeView(report, accountView)],
    [
      { en: "Audited by", zh: "执行者" },
      caller === null
        ? { en: "unknown: the identity could not be found out", zh: "未知：无法识别身份" }
        : element("code", {}, nameView(caller.arn ?? caller.accountId)),
    ],
    ...rolesView(report),
    [
      { en: "Started by", zh: "触发方式" },
      Object.hasOwn(TRIGGER_NAMES, trigger)
        ? (TRIGGER_NAMES[trigger] ?? trigger)
        : nameView(trigger),
    ],
    [{ en: "Started", zh: "开始时间" }, timeView(startedAt)],
    [
      { en: "Finished", zh: "结束时间" },
      [timeView(finishedAt), { en: ` (after ${seconds} s)`, zh: `（耗时 ${seconds} 秒）` }],
    ],
    [{ en: "Run id", zh: "运行 ID" }, element("code", {}, nameView(runId))],
    [{ en: "Tool", zh: "工具" }, nameView(`${tool.name} ${tool.version}`)],
  ]);
}

/** The account, or how many there are, and their regions. */
export function scopeView(report: Report, accountView: AccountView): Content {
  const audited = report.accounts.filter(({ status }) => status === "audited");
  const [first, ...others] = audited;
  const count = regions(audited.reduce((sum, account) => sum + account.regions.length, 0));
  const what =
    first !== undefined && others.length === 0
      ? [{ en: "account ", zh: "账号 " }, accountView(first.id)]
      : accounts(audited.length);
  return [
    what,
    report.accountAssumed === true && others.length === 0 ? ASSUMED : null,
    { en: `, ${count.en}`, zh: `，${count.zh}` },
  ];
}

const ASSUMED: Texts = { en: " (assumed)", zh: "（推定）" };

function rolesView({ accounts: all }: Report): (readonly [Texts, Content])[] {
  const [first, ...others] = all.flatMap((account) =>
    "roleArn" in account && account.roleArn !== undefined ? [account.roleArn] : [],
  );
  if (first === undefined) return [];
  const more = accounts(others.length);
  return [
    [
      { en: "By the role", zh: "扮演的角色" },
      [
        element("code", {}, nameView(first)),
        others.length === 0
          ? null
          : { en: `, and roles of ${more.en} more`, zh: `，以及另外 ${more.zh}的角色` },
      ],
    ],
  ];
}

/** A time in UTC, for Chinese readers in their own time zone. */
export function timeView(iso: string): Content {
  const { en, zh } = timeTexts(iso);
  return element("time", { datetime: shownText(iso) }, { en, zh });
}
