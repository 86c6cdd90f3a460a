import type { Finding, Status } from "../../audit/finding.ts";
import { type Content, element } from "./element.ts";
import type { ExplainReason } from "./page-facts.ts";
import { STATUS_WORDS } from "./report-words.ts";
import { type AccountView, nameView, resourceView } from "./subject-view.ts";

/** The findings that the page lists without a script. */
const MAX_LISTED = 500;

const LISTED = ["NON_COMPLIANT", "INSUFFICIENT_DATA"] as const satisfies readonly Status[];

/**
 * What a reader without scripts gets in place of the list: all that is not compliant or could not be
 * read, as far as there is room, without the evidence.
 *
 * @param accountView - null where the report has one account only
 */
export function withoutScript(
  findings: readonly Finding[],
  accountView: AccountView | null,
  explain: ExplainReason,
): Content {
  const wanted = LISTED.map(
    (status) => [status, findings.filter((finding) => finding.status === status)] as const,
  );
  let room = MAX_LISTED;
  return element(
    "noscript",
    {},
    element(
      "p",
      {},
      {
        en: "The list with the evidence of each finding, the filters and the search need JavaScript. All of it is in the JSON at the end of this file.",
        zh: "包含每项证据的列表、筛选和搜索需要 JavaScript。全部内容都在本文件末尾的 JSON 中。",
      },
    ),
    wanted.map(([status, ofStatus]) => {
      const listed = ofStatus.slice(0, room);
      room -= listed.length;
      const left = ofStatus.length - listed.length;
      const { mark, name } = STATUS_WORDS[status];
      return ofStatus.length === 0
        ? null
        : [
            element("h3", {}, `${mark} ${ofStatus.length} `, name),
            element(
              "ul",
              {},
              listed.map((finding) => element("li", {}, lineOf(finding, accountView, explain))),
            ),
            left === 0 ? null : element("p", {}, { en: `and ${left} more`, zh: `另有 ${left} 项` }),
          ];
    }),
  );
}

function lineOf(
  finding: Finding,
  accountView: AccountView | null,
  explain: ExplainReason,
): Content {
  const { accountId, regionId, resource, reason } = finding;
  const { meaning } = explain(finding) ?? {};
  return [
    accountView === null ? null : [accountView(accountId), " "],
    nameView(regionId),
    resource === undefined ? null : [" ", resourceView(resource)],
    ` ${reason.code}: `,
    // The message is the report's own, which is English.
    meaning === undefined ? null : element("span", { lang: "zh" }, `${meaning.zh}。`),
    nameView(reason.message),
  ];
}
