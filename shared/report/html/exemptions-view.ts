import type { Finding } from "../../audit/finding.ts";
import { groupBy } from "../../audit/group-by.ts";
import { type Content, element } from "./element.ts";
import { ENDS_SOON } from "./finding-view.ts";
import { findings as countFindings } from "./report-words.ts";
import { shownText } from "./shown-text.ts";
import { nameView } from "./subject-view.ts";

/** A table of the exemptions that apply, the one that ends first at the top; null where none does. */
export function exemptionsView(findings: readonly Finding[]): Content {
  const groups = [
    ...groupBy(
      findings.flatMap(({ exemption }) => exemption ?? []),
      ({ owner, reason, expires }) => JSON.stringify([expires, owner, reason]),
    ),
  ].toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (groups.length === 0) return null;
  const heads = [
    { en: "Last day (UTC)", zh: "最后一天（UTC）" },
    { en: "Owner", zh: "负责人" },
    { en: "Reason", zh: "原因" },
    { en: "Covers", zh: "涉及" },
  ];
  return element(
    "div",
    { class: "table", tabindex: "0", role: "group", "aria-labelledby": "exemptions" },
    element(
      "table",
      {},
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          heads.map((head) => element("th", { scope: "col" }, head)),
        ),
      ),
      element(
        "tbody",
        {},
        groups.flatMap(([, [first, ...others]]) =>
          first === undefined
            ? []
            : element(
                "tr",
                {},
                element(
                  "th",
                  { scope: "row" },
                  shownText(first.expires),
                  first.endsSoon ? ENDS_SOON : null,
                ),
                element("td", {}, nameView(first.owner)),
                element("td", {}, nameView(first.reason)),
                element("td", {}, countFindings(others.length + 1)),
              ),
        ),
      ),
    ),
  );
}
