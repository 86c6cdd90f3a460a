import { failureTexts } from "../../audit/failure-texts.ts";
import { cellText } from "../../report/table/cell-text.ts";
import { timeTexts } from "../../report/time-texts.ts";
import { ZH } from "../../report/words/zh.ts";
import type { HistoryWindow } from "../history.ts";
import { GAP_NAMES, GONE } from "../html/words.ts";
import { describeDay } from "../utc-day.ts";
import type { HistoryWords } from "./history-words.ts";

/** The words of histories in Chinese. Times are of Beijing, days are in UTC as the report's are. */
export const HISTORY_ZH: HistoryWords = {
  report: ZH,
  time,
  days,
  span: (from, to) => `${from} 至 ${to}`,
  became: (before, after) => `${before}变为${after}`,
  gaps: {
    NO_RUN: GAP_NAMES.NO_RUN.zh,
    UNREADABLE: GAP_NAMES.UNREADABLE.zh,
    OUT_OF_SCOPE: GAP_NAMES.OUT_OF_SCOPE.zh,
    EVIDENCE_UNUSABLE: GAP_NAMES.EVIDENCE_UNUSABLE.zh,
  },
  heads: {
    status: "状态",
    account: "账号",
    region: "地域",
    resource: "资源",
    since: "起始（北京时间）",
    days: "天数",
    first: "首次（UTC）",
    last: "末次（UTC）",
  },
  label: (head) => head,
  gone: GONE.name.zh,
  exempt: (status) => `${status}（已豁免）`,
  accountDays: (accountId, { total, covered, compliant }) =>
    `账号 ${accountId}：共 ${days(total)}，完整覆盖 ${days(covered)}，合规 ${days(compliant)}。`,
  titles: {
    changes: "变化（北京时间）",
    trail: "操作审计 ActionTrail 记录（北京时间）",
    gaps: "无观测的日期（UTC）",
  },
  gapLine: (span, count, reason, whose) =>
    `${span}（${days(count)}）：${reason}：${whose.join("、")}`,
  everything: "全部",
  more: (count) => `另有 ${count} 项`,

  deed: ({ name, identityType, userName, principalId, sourceIp, accessKeyEnd }) => {
    const who = [identityType, userName ?? principalId].filter((part) => part !== null).join(" ");
    const parts = [
      `${name}，操作者：${who === "" ? "未记录" : who}`,
      sourceIp === null ? "" : `，来源：${sourceIp}`,
      accessKeyEnd === null ? "" : `，AccessKey 尾号：${accessKeyEnd}`,
    ];
    return cellText(parts.join(""));
  },
  deedFailed: (code) => `；操作失败：${code}`,
  colon: "：",
  trailProblem: (problem) => `无法查询操作审计：${problem}`,
  noChange: ({ accountId, from, to }) =>
    `操作审计在 ${times(from, to)}没有记录账号 ${cellText(accountId ?? "")} 的变更。`,
  trailFailure: ({ regionId, code, message }) =>
    `${cellText(regionId)}：无法查询操作审计（${code}）：${failureTexts(code)?.meaning.zh ?? cellText(message)}`,
  trailCut: ({ from, to }) => `操作审计只保留 90 天的事件：查询范围为 ${times(from, to)}。`,
  onlyAccount: (accountId, others) =>
    `只查询了凭证所属的账号 ${accountId}，未查询 ${others.join("、")}。`,

  noRun: (evidence, window) =>
    `${evidence} 中没有保存${spanOf(window)}的检查。请核对地址，并确认检查会将证据保存到该处。`,
  runs: ({ used, first, last }, evidence, window) =>
    `${evidence} 中${spanOf(window)}共 ${used} 次检查：首次 ${time(first)}，末次 ${time(last)}（北京时间）。`,
  unused: (count) => `未采用已保存的 ${count} 次检查。`,
  proof:
    "状态仅在各次检查的时间点被观测到；两次检查之间的情况未知。日期按 UTC 划分；时刻为北京时间，其日期可能比 UTC 晚一天。",
};

/** To the minute. */
function time(iso: string): string {
  return timeTexts(iso).zh.slice(0, "2026-11-28 17:00".length);
}

function days(count: number): string {
  return `${count} 天`;
}

function times(from: string | null, to: string | null): string {
  return `${time(from ?? "")} 至 ${time(to ?? "")}（北京时间）`;
}

function spanOf({ from, to }: HistoryWindow): string {
  return from === null
    ? `截至 ${describeDay(to)}（UTC）`
    : ` ${describeDay(from)} 至 ${describeDay(to)}（UTC）`;
}
