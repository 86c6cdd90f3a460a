import type { Finding } from "../../audit/finding.ts";
import type { RuleCard } from "../../audit/rule-card.ts";
import { safeRemedy } from "../safe-remedy.ts";

/** What makes the subject of a failure compliant, in one text, and the page of the console for it. */
export function remediationOf(finding: Finding, card: RuleCard | undefined): object {
  if (card === undefined) return { desc: finding.reason.message };
  const { command, terraform = null, consoleUrl, before, after } = safeRemedy(finding, card);
  const paragraphs = [
    ...(command === null ? [finding.reason.message] : [`Run: ${command}`]),
    ...(terraform === null ? [] : [`Or in Terraform:\n${terraform.trimEnd()}`]),
    ...(before === null ? [] : [before.en]),
    ...(after === null ? [] : [after.note.en]),
  ];
  return {
    desc: paragraphs.join("\n\n"),
    kb_article_list: [{ src_url: consoleUrl, title: `${card.title}: console` }],
  };
}
