import { FAILURE_CODES, type FailureCode, type ReasonCode } from "./finding.ts";
import type { Texts } from "./rule-card.ts";

/** What is said of a failure, whatever the rule. */
export interface FailureTexts {
  /** The meaning in a few words. */
  readonly meaning: Texts;
  /** What to do, as a sentence with its end that may follow a colon. Text in backticks is code. */
  readonly advice: Texts;
}

/** Why a subject could not be read, and what to do about it. */
const FAILURE_TEXTS: Readonly<Record<FailureCode, FailureTexts>> = {
  ACCESS_DENIED: {
    meaning: { en: "a permission is missing", zh: "缺少权限" },
    advice: {
      en: "grant the auditing identity the RAM policy that `flowlog-guard policy` prints for its configuration.",
      zh: "为执行检查的 RAM 身份授予 `flowlog-guard policy` 按其配置输出的权限策略。",
    },
  },
  CREDENTIALS_INVALID: {
    meaning: { en: "the credentials were refused", zh: "凭证被拒绝" },
    advice: {
      en: "check the access key, the security token's expiry, and the clock of the machine that audits.",
      zh: "检查 AccessKey、STS Token 的有效期，以及运行检查的机器的系统时间。",
    },
  },
  THROTTLED: {
    meaning: { en: "too many requests", zh: "请求被限流" },
    advice: {
      en: "lower `concurrency`, or run at another time than other jobs.",
      zh: "调低 `concurrency`，或与其他任务错开运行时间。",
    },
  },
  TIMEOUT: {
    meaning: { en: "no answer in time", zh: "响应超时" },
    advice: {
      en: "check the network to the region, or raise `timeout`.",
      zh: "检查到该地域的网络，或调大 `timeout`。",
    },
  },
  UNREACHABLE: {
    meaning: { en: "no connection", zh: "无法连接" },
    advice: {
      en: "check the network, firewall and proxy; where a proxy signs with a certificate of its own, set `NODE_EXTRA_CA_CERTS`.",
      zh: "检查网络、防火墙和代理；如代理使用自有证书，请设置 `NODE_EXTRA_CA_CERTS`。",
    },
  },
  REGION_NOT_FOUND: {
    meaning: { en: "there is no such region", zh: "地域不存在" },
    advice: {
      en: "correct the region id in the configuration, or take it out.",
      zh: "更正配置中的地域 ID，或将其移除。",
    },
  },
  MALFORMED_RESPONSE: {
    meaning: { en: "the answer made no sense", zh: "响应格式异常" },
    advice: {
      en: "see whether a proxy or gateway rewrites the answers.",
      zh: "检查代理或网关是否改写了响应。",
    },
  },
  SERVICE_ERROR: {
    meaning: { en: "the service failed", zh: "服务端错误" },
    advice: {
      en: "wait for the next run; if it lasts, see whether the account has overdue payments, or open a ticket with the request id from the log.",
      zh: "等待下次检查；如持续出现，请检查账号是否欠费，或凭日志中的请求 ID 提交工单。",
    },
  },
  DEADLINE_EXCEEDED: {
    meaning: { en: "the run had no time left", zh: "超出本次检查的总时限" },
    advice: {
      en: "raise `deadline` (of a function, its time-out) or `concurrency`.",
      zh: "调大 `deadline`（函数计算中为函数的超时时间）或 `concurrency`。",
    },
  },
  ROLE_REFUSED: {
    meaning: { en: "the role of the account was refused", zh: "扮演该账号的角色被拒绝" },
    advice: {
      en: "see that the role exists in the account, that its trust policy names the auditing identity and the external id, and that this identity may call `sts:AssumeRole` on it.",
      zh: "检查该账号中是否存在该角色、其信任策略是否包含执行检查的身份和外部 ID，以及该身份是否有权对其调用 `sts:AssumeRole`。",
    },
  },
  PART_FAILED: {
    meaning: { en: "a part of the audit gave no report", zh: "部分检查未返回报告" },
    advice: {
      en: "look at the log of the audit function; its time-out or memory may be too small.",
      zh: "查看 audit 函数的日志；其超时时间或内存可能过小。",
    },
  },
  LIST_UNSTABLE: {
    meaning: { en: "the list changed while it was read", zh: "读取期间列表发生变化" },
    advice: {
      en: "wait for the next run; if it lasts, run at a time when fewer resources come and go.",
      zh: "等待下次检查；如持续出现，请错开资源频繁增减的时段运行。",
    },
  },
};

/** The same of a reason of a rule's own: what was read says neither yes nor no. */
export const UNKNOWN_ADVICE: Texts = {
  en: "wait for the next run; if it lasts, look at the resource in the console.",
  zh: "等待下次检查；如持续出现，请在控制台查看该资源。",
};

/** What is said of a failure; null for a code that is none. */
export function failureTexts(code: ReasonCode): FailureTexts | null {
  const failure = FAILURE_CODES.find((known) => known === code);
  return failure === undefined ? null : FAILURE_TEXTS[failure];
}
