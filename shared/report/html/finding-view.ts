import type { Evidence, Finding, FindingRemedy, HeldExemption } from "../../audit/finding.ts";
import type { Texts } from "../../audit/rule-card.ts";
import { copyable } from "./digest-view.ts";
import { type Content, element } from "./element.ts";
import type { ExplainReason } from "./page-facts.ts";
import { STATUS_WORDS } from "./report-words.ts";
import { shownText } from "./shown-text.ts";
import { type AccountView, nameView, quietName, regionView, resourceView } from "./subject-view.ts";

/** What the list of findings has in common. */
export interface FindingViewOptions {
  readonly explain: ExplainReason;
  /** Null where the report has one account only. */
  readonly accountView: AccountView | null;
  /** Whether the report has several rules. */
  readonly withRules: boolean;
}

/** A finding as a part of the list: a line, and below it, folded, what proves it and what to do. */
export function findingView(finding: Finding, options: FindingViewOptions): Content {
  const { ruleId, accountId, regionId, localName, resource, status, evidence } = finding;
  const { accountView, withRules } = options;
  const { mark, name } = STATUS_WORDS[status];
  return element(
    "li",
    { "data-status": status },
    element(
      "details",
      { class: "finding" },
      element(
        "summary",
        {},
        element("span", { class: "status" }, element("b", { class: "mark" }, mark), " ", name),
        " ",
        element(
          "span",
          { class: "subject" },
          accountView === null ? null : [element("span", {}, accountView(accountId)), " "],
          element("span", {}, regionView(regionId, localName)),
          resource === undefined ? null : [" ", element("span", {}, resourceView(resource))],
        ),
        " ",
        element(
          "span",
          { class: "why" },
          reasonView(finding, options.explain),
          withRules ? [" ", quietName(ruleId)] : null,
        ),
      ),
      element(
        "div",
        { class: "proof" },
        messageView(finding, options.explain),
        adviceView(finding, options.explain),
        finding.exemption === undefined ? null : exemptionView(finding.exemption),
        finding.remedy === undefined ? null : remedyView(finding.remedy),
        evidenceView(status, evidence),
      ),
    ),
  );
}

/** The meaning of the code, and the code; of an exemption, its last day. */
function reasonView(finding: Finding, explain: ExplainReason): Content {
  const { reason, exemption } = finding;
  const meaning = explain(finding)?.meaning ?? null;
  if (exemption === undefined) return [meaning, " ", codeView(reason.code)];
  const expires = shownText(exemption.expires);
  return [{ en: `until ${expires}: `, zh: `至 ${expires}：` }, meaning, " ", codeView(reason.code)];
}

/** The report's own words are English. In Chinese, what they say beside the meaning comes first. */
function messageView(finding: Finding, explain: ExplainReason): Content {
  const { chinese } = explain(finding) ?? {};
  const hasCommand = typeof finding.remedy?.command === "string";
  const advice = (hasCommand ? chinese?.before : chinese?.byHand) ?? null;
  const isToMend = finding.status === "NON_COMPLIANT" && advice !== null;
  return element(
    "p",
    {},
    { en: "", zh: `${isToMend ? `处理方法：${advice}` : ""}报告原文：` },
    element("bdi", { lang: "en" }, nameView(finding.reason.message)),
  );
}

function codeView(code: string): Content {
  return element("code", { class: "quiet" }, shownText(code));
}

function adviceView(finding: Finding, explain: ExplainReason): Content {
  const advice = explain(finding)?.advice ?? null;
  if (advice === null) return null;
  return element("p", {}, { en: "What to do: ", zh: "处理方法：" }, withoutMarks(advice));
}

function withoutMarks({ en, zh }: Texts): Texts {
  return { en: en.replaceAll("`", ""), zh: zh.replaceAll("`", "") };
}

function exemptionView({ owner, reason, expires, endsSoon, observed }: HeldExemption): Content {
  const { mark, name } = STATUS_WORDS[observed.status];
  return factsView([
    [{ en: "Exempt until", zh: "豁免至" }, [expires, endsSoon ? ENDS_SOON : null]],
    [{ en: "Owner", zh: "负责人" }, nameView(owner)],
    [{ en: "Reason", zh: "原因" }, nameView(reason)],
    [{ en: "Observed", zh: "实际状态" }, [`${mark} `, name, " ", codeView(observed.reason.code)]],
  ]);
}

/** After the last day of an exemption. */
export const ENDS_SOON: Texts = { en: " (ends within a week)", zh: "（一周内到期）" };

function remedyView({ command, terraform }: FindingRemedy): Content {
  return [
    command === null ? null : remedyPart({ en: "Command", zh: "修复命令" }, command),
    terraform === null ? null : remedyPart({ en: "Terraform", zh: "Terraform" }, terraform),
  ];
}

function remedyPart(name: Texts, text: string): Content {
  return element(
    "div",
    { class: "remedy" },
    element("p", { class: "quiet" }, name),
    copyable(text),
  );
}

function evidenceView(status: Finding["status"], evidence: Evidence): Content {
  const { requestId, endpoint, httpStatus, attempts, checkedAt, durationMs } = evidence;
  return factsView([
    [{ en: "Status", zh: "状态" }, element("code", {}, status)],
    [{ en: "Request id", zh: "请求 ID" }, valueView(requestId)],
    [{ en: "Endpoint", zh: "服务地址" }, valueView(endpoint)],
    [{ en: "HTTP status", zh: "HTTP 状态码" }, valueView(httpStatus)],
    [{ en: "Attempts", zh: "尝试次数" }, valueView(attempts)],
    [{ en: "Checked", zh: "检查时间" }, valueView(checkedAt)],
    [
      { en: "Duration", zh: "耗时" },
      valueView(durationMs === null ? null : `${Math.round(durationMs)} ms`),
    ],
  ]);
}

function valueView(value: string | number | null): Content {
  return value === null
    ? element("span", { class: "quiet" }, { en: "none", zh: "无" })
    : element("code", {}, nameView(String(value)));
}

/** Names and values. */
export function factsView(facts: readonly (readonly [Texts, Content])[]): Content {
  return element(
    "dl",
    {},
    facts.map(([name, value]) =>
      element("div", {}, element("dt", {}, name), element("dd", {}, value)),
    ),
  );
}
