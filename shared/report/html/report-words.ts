import type { Status } from "../../audit/finding.ts";
import type { Severity, Texts } from "../../audit/rule-card.ts";

/** How a status looks without its colour, and its name. */
export interface StatusWords {
  readonly mark: string;
  readonly name: Texts;
}

/** Each has a mark of its own, for readers who do not see its colour. */
export const STATUS_WORDS: Readonly<Record<Status, StatusWords>> = {
  NON_COMPLIANT: { mark: "✖", name: { en: "not compliant", zh: "不合规" } },
  INSUFFICIENT_DATA: { mark: "?", name: { en: "could not be read", zh: "无法读取" } },
  IGNORED: { mark: "–", name: { en: "exempt", zh: "已豁免" } },
  COMPLIANT: { mark: "✔", name: { en: "compliant", zh: "合规" } },
  NOT_APPLICABLE: { mark: "○", name: { en: "not applicable", zh: "不适用" } },
};

export const SEVERITY_NAMES: Readonly<Record<Severity, Texts>> = {
  critical: { en: "critical", zh: "严重" },
  high: { en: "high", zh: "高" },
  medium: { en: "medium", zh: "中" },
  low: { en: "low", zh: "低" },
};

/** The names of triggers; a newer function may name another one. */
export const TRIGGER_NAMES: Readonly<Record<string, Texts>> = {
  timer: { en: "timer of the function", zh: "函数的定时触发器" },
  event: { en: "event sent to the function", zh: "发送给函数的事件" },
  http: { en: "HTTP request to the function", zh: "对函数的 HTTP 请求" },
  schedule: { en: "local schedule", zh: "本地定时任务" },
  cli: { en: "command line", zh: "命令行" },
};

/** A number and what is counted. */
export function counted(count: number, one: string, other: string, zh: string): Texts {
  return { en: `${count.toLocaleString("en")} ${count === 1 ? one : other}`, zh: `${count} ${zh}` };
}

export const regions = (count: number): Texts => counted(count, "region", "regions", "个地域");
export const accounts = (count: number): Texts => counted(count, "account", "accounts", "个账号");
export const findings = (count: number): Texts =>
  counted(count, "finding", "findings", "项检查结果");
