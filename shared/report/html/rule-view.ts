import { type Report, summarize } from "../../audit/report.ts";
import type { RuleCard, RuleSummary, Texts } from "../../audit/rule-card.ts";
import { controlSentences } from "../control-sentences.ts";
import { isActivationAlone, notAskedTexts, type WayToAsk } from "../not-asked.ts";
import { STATUSES_WORST_FIRST } from "../status-order.ts";
import { type Content, element } from "./element.ts";
import { factsView } from "./finding-view.ts";
import { SEVERITY_NAMES, STATUS_WORDS } from "./report-words.ts";
import { nameView } from "./subject-view.ts";

/** The rules of a report: what each asked, what compliance proves, and what it does not prove. */
export function rulesView(
  report: Pick<Report, "rules" | "findings">,
  cards: readonly RuleCard[],
): Content {
  return report.rules.map((rule) =>
    ruleView(rule, cards.find(({ id }) => id === rule.id) ?? null, report.findings),
  );
}

function ruleView(rule: RuleSummary, card: RuleCard | null, findings: Report["findings"]): Content {
  const own = summarize(findings.filter(({ ruleId }) => ruleId === rule.id));
  const counts = {
    NON_COMPLIANT: own.nonCompliant,
    INSUFFICIENT_DATA: own.insufficientData,
    IGNORED: own.ignored,
    COMPLIANT: own.compliant,
    NOT_APPLICABLE: own.notApplicable,
  };
  return element(
    "article",
    { class: "rule" },
    element("h3", {}, titleOf(rule, card)),
    factsView([
      [
        { en: "Rule", zh: "规则" },
        [
          element("code", {}, nameView(rule.id)),
          " · ",
          SEVERITY_LABEL,
          SEVERITY_NAMES[rule.severity],
        ],
      ],
      [
        { en: "Results", zh: "结果" },
        STATUSES_WORST_FIRST.filter((status) => counts[status] > 0).map((status) => {
          const { mark, name } = STATUS_WORDS[status];
          return [
            element(
              "span",
              { "data-status": status, class: "count" },
              `${mark} ${counts[status]} `,
              name,
            ),
            " ",
          ];
        }),
      ],
      ...(card === null || card.permissions.length === 0
        ? []
        : [
            [
              { en: "API operations", zh: "调用的 API" },
              card.permissions.map(({ action }) => [element("code", {}, action), " "]),
            ] as const,
          ]),
      [
        { en: "Compliant proves", zh: "合规证明" },
        [titleOf(rule, card), FULL_STOP, controlsView(rule)],
      ],
      ...(card === null
        ? []
        : [
            [
              { en: "It does not prove", zh: "不能证明" },
              { en: `${card.doesNotProve}.`, zh: `${card.words.zh.doesNotProve}。` },
            ] as const,
          ]),
    ]),
  );
}

const SEVERITY_LABEL: Texts = { en: "severity ", zh: "严重程度：" };
const FULL_STOP: Texts = { en: ".", zh: "。" };

/** The title of a rule that this version does not know is the report's, in English. */
export function titleOf(rule: RuleSummary, card: RuleCard | null): Texts {
  const { title } = rule;
  return { en: title, zh: card?.words.zh.title ?? title };
}

/** What compliance with the only rule of a report does not prove; null where there are several. */
export function limitsOf(
  { rules: [rule, ...others] }: Pick<Report, "rules">,
  cards: readonly RuleCard[],
): Texts | null {
  const card = cards.find(({ id }) => id === rule?.id);
  if (rule === undefined || card === undefined || others.length > 0) return null;
  const title = titleOf(rule, card);
  return {
    en: `Compliant means: ${title.en}. It does not prove ${card.doesNotProve}.`,
    zh: `合规是指：${title.zh}。不能证明${card.words.zh.doesNotProve}。`,
  };
}

/** What compliance with a rule proves, its relations to controls included, and what it does not prove. */
export function meaningView(card: RuleCard): Content {
  return [
    { en: "Compliant means: ", zh: "合规是指：" },
    titleOf(card, card),
    FULL_STOP,
    controlsView(card),
    {
      en: ` It does not prove ${card.doesNotProve}.`,
      zh: `不能证明${card.words.zh.doesNotProve}。`,
    },
  ];
}

function controlsView({ controls }: RuleSummary): Content {
  if (controls.length === 0) {
    return { en: " No control of a framework asks for it.", zh: "没有对应的框架控制项。" };
  }
  return controlSentences({ controls }).map(({ en, zh }) => ({ en: ` ${en}`, zh }));
}

/**
 * What the audit did not ask, in both languages; null where there is nothing to say.
 *
 * @param way - null where that is not to be said
 */
export function notAsked(report: Pick<Report, "rules">, way: WayToAsk | null): Texts | null {
  return way !== null && isActivationAlone(report) ? notAskedTexts(way) : null;
}
