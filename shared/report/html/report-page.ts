import type { Finding } from "../../audit/finding.ts";
import { accountNamesOf, type Report } from "../../audit/report.ts";
import type { RuleCard, Texts } from "../../audit/rule-card.ts";
import type { RenderOptions } from "../format.ts";
import { remedyNotes } from "../remedy-notes.ts";
import { digestReport } from "../report-digest.ts";
import { timeTexts } from "../time-texts.ts";
import { digestView } from "./digest-view.ts";
import { type Content, element } from "./element.ts";
import { exemptionsView } from "./exemptions-view.ts";
import { overviewOf } from "./overview.ts";
import { explainReasons, pageFacts } from "./page-facts.ts";
import { renderPage } from "./page.ts";
import { accounts as countAccounts } from "./report-words.ts";
import { limitsOf, notAsked, rulesView } from "./rule-view.ts";
import { runView, scopeView } from "./run-view.ts";
import { section } from "./section.ts";
import { shownText } from "./shown-text.ts";
import { skippedView } from "./skipped-view.ts";
import { accountViews, nameView } from "./subject-view.ts";
import { countersView, verdictView } from "./summary-view.ts";
import { verdictOf } from "./verdict.ts";
import { withoutScript } from "./without-script.ts";

/**
 * Writes a report as a page. What the page says without a script is in its markup: the verdict, the
 * counters, the overview, the failures, and what was asked. The list of findings is made by the script
 * from the report's JSON, so that the page stays small and a report of 30,000 findings opens at once.
 */
export function renderReportPage(
  report: Report,
  { cards, words, only = null, wayToAsk = "parameter" }: Omit<RenderOptions, "color">,
): string {
  const { text, sha256 } = digestReport(report);
  const { findings, warnings = [] } = report;
  const accountView = accountViews(accountNamesOf(report));
  const facts = pageFacts(report, cards, only);
  const verdict = verdictOf(report);
  const left = notAsked(report, wayToAsk);
  const { view: overview, hasAccounts } = overviewOf(report, cards, accountView);
  const { tool, runId, caller, finishedAt } = report;
  const first = words?.language ?? "en";
  const operator = caller === null ? UNKNOWN_CALLER[first] : (caller.arn ?? caller.accountId);
  const title: Texts = {
    en: `${verdict.sentence.en} · flowlog-guard`,
    zh: `${verdict.sentence.zh} · flowlog-guard`,
  };
  const time = timeTexts(finishedAt);
  return renderPage({
    title,
    product: [
      { en: "Compliance report", zh: "合规检查报告" },
      " · ",
      nameView(`${tool.name} ${tool.version}`),
    ],
    main: [
      verdictView(verdict, [scopeView(report, accountView), " · ", time], limitsOf(report, cards)),
      countersView(report),
      section("overview", { en: "Overview", zh: "总览" }, overview),
      section("findings", { en: "Findings, the worst first", zh: "检查结果（最严重的在前）" }, [
        notesView(findings, cards),
        element("div", { id: "list" }),
        withoutScript(findings, hasAccounts ? accountView : null, explainReasons(facts)),
      ]),
      section("exemptions", { en: "Exemptions", zh: "豁免" }, exemptionsView(findings)),
      section(
        "skipped",
        { en: "Accounts that were not audited", zh: "未检查的账号" },
        skippedView(report, accountView),
      ),
      section("proof", { en: "What was asked, and what it proves", zh: "检查了什么，能证明什么" }, [
        rulesView(report, cards),
        left === null ? null : element("p", { class: "left" }, left),
      ]),
      section("warnings", { en: "Warnings", zh: "警告" }, warningsView(warnings)),
      section("run", { en: "This audit", zh: "本次检查" }, [
        runView(report, accountView),
        digestView({
          id: "report",
          sha256,
          fileName: `flowlog-guard-${fileDate(finishedAt)}.json`,
        }),
      ]),
    ],
    margins: {
      top: `${tool.name} ${tool.version}   SHA-256 ${sha256}`,
      bottom: `${scopeText(report, first)}   ${time[first]}   ${shownText(operator)}   ${runId}`,
    },
    data: { report: text, facts: JSON.stringify(facts) },
    script: "report",
    language: words?.language,
  });
}

const UNKNOWN_CALLER: Texts = { en: "unknown caller", zh: "未知调用者" };

/** What to know before a remedy is applied, each text once. */
function notesView(findings: readonly Finding[], cards: readonly RuleCard[]): Content {
  return remedyNotes(findings, cards).map((note) => element("p", { class: "note" }, note));
}

function warningsView(warnings: readonly string[]): Content {
  if (warnings.length === 0) return null;
  return element(
    "ul",
    { class: "plain", lang: "en" },
    warnings.map((warning) => element("li", {}, "! ", nameView(warning))),
  );
}

/** The account, or how many there are, for every printed page. */
function scopeText({ scope }: Report, language: keyof Texts): string {
  const [first = "", ...others] = scope.accounts;
  return others.length === 0 ? shownText(first) : countAccounts(others.length + 1)[language];
}

function fileDate(iso: string): string {
  return iso.slice(0, 19).replaceAll(/[^\dT]/g, "");
}
