import type { Finding } from "../../audit/finding.ts";
import { accountNamesOf, type Report } from "../../audit/report.ts";
import type { RuleCard } from "../../audit/rule-card.ts";
import { findingRemedy } from "../finding-remedy.ts";
import { remedyNotes } from "../remedy-notes.ts";
import { cellText } from "../table/cell-text.ts";
import type { ReportWords } from "../words/report-words.ts";

/** The lines of a shell that make findings compliant, and what to know before. */
export interface Remedies {
  /** Sentences of the rules' cards, each once. */
  readonly notes: readonly string[];
  /** Each group is one command, after a comment where the account changes. */
  readonly commands: readonly (readonly string[])[];
}

/**
 * The remedies of findings that are not compliant, each command once.
 *
 * @param findings - in the order in which the commands are shown
 */
export function remediesFor(
  report: Report,
  findings: readonly Finding[],
  cards: readonly RuleCard[],
  words: ReportWords,
): Remedies {
  const names = accountNamesOf(report);
  const seen = new Set<string>();
  const commands: string[][] = [];
  let accountId = report.accounts.length > 1 ? null : report.accounts[0]?.id;
  for (const finding of findings) {
    const { command = null } = findingRemedy(finding, cards) ?? {};
    const key = JSON.stringify([finding.accountId, command]);
    if (command === null || seen.has(key)) continue;
    seen.add(key);
    const account = [names.get(finding.accountId) ?? "", finding.accountId].map(commentWord);
    const heading = `# ${words.markdown.commentAccount} ${account.filter((word) => word !== "").join(" ")}`;
    commands.push(finding.accountId === accountId ? [command] : [heading, command]);
    accountId = finding.accountId;
  }
  return { notes: remedyNotes(findings, cards).map((note) => note[words.language]), commands };
}

/**
 * A name in a comment of a shell. Unless it is plain, it is in quotes: zsh knows no comments where it is
 * used by hand, and would run what comes after a semicolon.
 *
 * @see https://zsh.sourceforge.io/Doc/Release/Options.html#index-INTERACTIVECOMMENTS
 */
function commentWord(name: string): string {
  const visible = cellText(name);
  return /^[\p{L}\p{N} ._-]*$/u.test(visible) ? visible : `'${visible.replaceAll("'", "’")}'`;
}
