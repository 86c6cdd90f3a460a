import type { Status } from "../../audit/finding.ts";
import { type Report, summarize } from "../../audit/report.ts";
import type { Texts } from "../../audit/rule-card.ts";
import { type Content, element } from "./element.ts";
import { STATUS_WORDS } from "./report-words.ts";
import type { Verdict } from "./verdict.ts";

/**
 * The verdict, as the page's first heading.
 *
 * @param scope - what was audited, and when
 * @param limits - what compliance does not prove; null where several rules have limits of their own
 */
export function verdictView(
  { status, sentence, notes }: Verdict,
  scope: Content,
  limits: Texts | null,
): Content {
  return element(
    "div",
    { class: "verdict", "data-status": status },
    element("span", { class: "mark", "aria-hidden": "true" }, STATUS_WORDS[status].mark),
    element(
      "div",
      {},
      element("h1", {}, sentence),
      element("p", { class: "quiet" }, scope),
      notes.map((note) => element("p", {}, note)),
      limits === null ? null : element("p", {}, limits),
    ),
  );
}

const FILTER: Texts = { en: "Results; each filters the list", zh: "结果；每项均可筛选列表" };

/** How many findings have each status. Each counter filters the list. */
export function countersView({ findings }: Pick<Report, "findings">): Content {
  const { nonCompliant, insufficientData, ignored, compliant, notApplicable } = summarize(findings);
  const counts: readonly (readonly [Status, number])[] = [
    ["NON_COMPLIANT", nonCompliant],
    ["INSUFFICIENT_DATA", insufficientData],
    ["IGNORED", ignored],
    ["COMPLIANT", compliant],
    ["NOT_APPLICABLE", notApplicable],
  ];
  return element(
    "div",
    { class: "counters", role: "group", "aria-labelledby": "counters" },
    element("p", { id: "counters", class: "unseen" }, FILTER),
    counts.map(([status, count]) => {
      const { mark, name } = STATUS_WORDS[status];
      return element(
        "button",
        {
          type: "button",
          "aria-pressed": "false",
          "data-filter": status,
          "data-status": count > 0 ? status : null,
        },
        element("span", { class: "number" }, element("span", { class: "mark" }, mark), ` ${count}`),
        " ",
        element("span", {}, name),
      );
    }),
  );
}
