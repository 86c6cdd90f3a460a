import type { Alert } from "../../alerts/alert.ts";
import { FAILURE_CODES, type FailureCode, type ReasonCode } from "../../audit/finding.ts";
import { groupBy } from "../../audit/group-by.ts";
import type { RuleCard, Texts } from "../../audit/rule-card.ts";
import type { Line, Span } from "./draft.ts";
import { isOwnUnknown } from "./rule-text.ts";
import type { Words } from "./words.ts";

/** What to do about a subject that cannot be read, by reason. Text in backticks is code. */
const REMEDIES: Readonly<Record<FailureCode, Texts>> = {
  ACCESS_DENIED: {
    en: "grant the auditing identity the RAM policy that `flowlog-guard policy` prints for its configuration.",
    zh: "为执行检查的 RAM 身份授予 `flowlog-guard policy` 按其配置输出的权限策略。",
  },
  CREDENTIALS_INVALID: {
    en: "check the access key, the security token's expiry, and the clock of the machine that audits.",
    zh: "检查 AccessKey、STS Token 的有效期，以及运行检查的机器的系统时间。",
  },
  THROTTLED: {
    en: "lower `concurrency`, or run at another time than other jobs.",
    zh: "调低 `concurrency`，或与其他任务错开运行时间。",
  },
  TIMEOUT: {
    en: "check the network to the region, or raise `timeout`.",
    zh: "检查到该地域的网络，或调大 `timeout`。",
  },
  UNREACHABLE: {
    en: "check the network, firewall and proxy; where a proxy signs with a certificate of its own, set `NODE_EXTRA_CA_CERTS`.",
    zh: "检查网络、防火墙和代理；如代理使用自有证书，请设置 `NODE_EXTRA_CA_CERTS`。",
  },
  REGION_NOT_FOUND: {
    en: "correct the region id in the configuration, or take it out.",
    zh: "更正配置中的地域 ID，或将其移除。",
  },
  MALFORMED_RESPONSE: {
    en: "see whether a proxy or gateway rewrites the answers.",
    zh: "检查代理或网关是否改写了响应。",
  },
  SERVICE_ERROR: {
    en: "wait for the next run; if it lasts, see whether the account has overdue payments, or open a ticket with the request id from the log.",
    zh: "等待下次检查；如持续出现，请检查账号是否欠费，或凭日志中的请求 ID 提交工单。",
  },
  DEADLINE_EXCEEDED: {
    en: "raise `deadline` (of a function, its time-out) or `concurrency`.",
    zh: "调大 `deadline`（函数计算中为函数的超时时间）或 `concurrency`。",
  },
  ROLE_REFUSED: {
    en: "see that the role exists in the account, that its trust policy names the auditing identity and the external id, and that this identity may call `sts:AssumeRole` on it.",
    zh: "检查该账号中是否存在该角色、其信任策略是否包含执行检查的身份和外部 ID，以及该身份是否有权对其调用 `sts:AssumeRole`。",
  },
  PART_FAILED: {
    en: "look at the log of the audit function; its time-out or memory may be too small.",
    zh: "查看 audit 函数的日志；其超时时间或内存可能过小。",
  },
  LIST_UNSTABLE: {
    en: "wait for the next run; if it lasts, run at a time when fewer resources come and go.",
    zh: "等待下次检查；如持续出现，请错开资源频繁增减的时段运行。",
  },
};

/** For a rule's own reasons: what was read says neither yes nor no. */
const UNKNOWN_REMEDY: Texts = {
  en: "wait for the next run; if it lasts, look at the resource in the console.",
  zh: "等待下次检查；如持续出现，请在控制台查看该资源。",
};

/** What to do about everything that could not be read, once for each reason. */
export function readingNotes(
  { unreadable, rules }: Pick<Alert, "unreadable" | "rules">,
  words: Words,
): Line[] {
  const cards = new Map(rules.map(({ id, card }) => [id, card]));
  const byCode = groupBy(unreadable, ({ reason }) => reason.code);
  const [before, after] = words.whatToDo;
  return [...byCode].flatMap(([code, findings]): Line[] => {
    const [remedy] = [...new Set(findings.map(({ ruleId }) => ruleId))].flatMap(
      (ruleId) => readingRemedyIn(code, cards.get(ruleId) ?? null, words.language) ?? [],
    );
    if (remedy === undefined) return [];
    return [
      [
        { kind: "words", text: before },
        { kind: "code", text: code },
        { kind: "words", text: after },
        ...spansOf(remedy),
      ],
    ];
  });
}

/**
 * What to do about one reason, as plain text; null where the reason is neither a failure nor one of the
 * rule's own for what is not known.
 */
export function readingRemedy(
  code: ReasonCode,
  card: RuleCard | null,
  words: Words,
): string | null {
  return readingRemedyIn(code, card, words.language)?.replaceAll("`", "") ?? null;
}

function readingRemedyIn(
  code: ReasonCode,
  card: RuleCard | null,
  language: keyof Texts,
): string | null {
  if (isOwnUnknown(code, card)) return UNKNOWN_REMEDY[language];
  const failure = FAILURE_CODES.find((known) => known === code);
  return failure === undefined ? null : REMEDIES[failure][language];
}

function spansOf(text: string): Span[] {
  return text
    .split("`")
    .map((piece, index): Span => ({ kind: index % 2 === 0 ? "words" : "code", text: piece }))
    .filter((span) => span.text !== "");
}
