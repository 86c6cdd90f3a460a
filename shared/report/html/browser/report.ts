import { accountNamesOf, type Report } from "../../../audit/report.ts";
import { rankOf } from "../../status-order.ts";
import { searchable } from "../match-finding.ts";
import { explainReasons, type PageFacts } from "../page-facts.ts";
import { accountViews } from "../subject-view.ts";
import { embeddedText } from "./embedded-text.ts";
import { showFindings } from "./finding-list.ts";
import { showMoreAccounts } from "./more-accounts.ts";
import { startDocument } from "./start-document.ts";

function startReport(place: Element): void {
  const report: Report = JSON.parse(embeddedText("report"));
  const facts: PageFacts = JSON.parse(embeddedText("facts"));
  const accountNames = accountNamesOf(report);
  const accountView = accountViews(accountNames);
  const hasAccounts = new Set(report.findings.map(({ accountId }) => accountId)).size > 1;
  const findings = report.findings.toSorted((a, b) => rankOf(a.status) - rankOf(b.status));
  const list = showFindings(
    place,
    searchable(findings, accountNames),
    {
      explain: explainReasons(facts),
      accountView: hasAccounts ? accountView : null,
      withRules: report.rules.length > 1,
    },
    facts.only ?? [],
  );
  showMoreAccounts(report, accountView);
  document.addEventListener("click", ({ target }) => {
    const link = target instanceof Element ? target.closest<HTMLElement>("[data-search]") : null;
    if (link !== null) list.search(link.dataset["search"] || link.textContent);
  });
}

startDocument();
const place = document.querySelector("#list");
if (place !== null) startReport(place);
