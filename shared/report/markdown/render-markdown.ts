import type { Finding } from "../../audit/finding.ts";
import type { Report } from "../../audit/report.ts";
import type { RenderOptions } from "../format.ts";
import { isActivationAlone } from "../not-asked.ts";
import { needsAttention } from "../status-order.ts";
import { meaningLines } from "../table/meanings.ts";
import { otherAccountNotes } from "../table/other-accounts.ts";
import { describeStatuses } from "../table/summary.ts";
import { EN } from "../words/en.ts";
import type { Counted, ReportWords } from "../words/report-words.ts";
import { worstFirst } from "../worst-first.ts";
import { findingsTable, type FindingsTable, nameAndId } from "./findings-table.ts";
import { JOB_SUMMARY_ROOM_BYTES } from "./job-summary-room.ts";
import { codeSpan, proseOrCode, shellBlock } from "./markdown-text.ts";
import { overview } from "./overview.ts";
import { remediesFor } from "./remedies.ts";
import { takeWithin } from "./take-within.ts";

/** Bytes for headings, the heads of tables, and the sentences about what is left out. */
const FRAME_BYTES = 3_000;
/** Of what has no fixed size, the share of findings that need attention; their remedies follow. */
const ATTENTION_SHARE = 0.75;

/**
 * The report in GitHub's Markdown: the verdict and the counts, findings that need attention, the worst
 * first, their remedies, what compliance proves, and the other findings folded. What does not fit is
 * left out from the end of the findings, and counted.
 */
export function renderMarkdown(
  report: Report,
  { cards, words = EN, wayToAsk = "parameter", maxBytes = null }: RenderOptions,
): string {
  const table = findingsTable(report, cards, words);
  const findings = worstFirst(report.findings, report.rules);
  const attention = findings.filter(needsAttention);
  const others = findings.filter((finding) => !needsAttention(finding));
  const remedies = remediesFor(report, attention, cards, words);
  const intro = overview(report, words);
  const { sections } = words.markdown;
  const notAsked = wayToAsk !== null && isActivationAlone(report) ? words.notAsked(wayToAsk) : null;
  const proof = section(
    sections.proof,
    listOf([...meaningLines(report, cards, words), ...(notAsked === null ? [] : [notAsked])]),
  );
  const notes = [...remedies.notes, ...otherAccountNotes(report, attention, words)];

  const fixedBytes = sizeOf([...intro, ...proof, ...notes]) + FRAME_BYTES;
  let room = Math.max(0, (maxBytes ?? JOB_SUMMARY_ROOM_BYTES) - fixedBytes);
  const take = <T>(items: readonly T[], linesOf: (item: T) => readonly string[], share: number) => {
    const { taken, leftOut, bytes } = takeWithin(items, linesOf, room * share);
    room -= bytes;
    return { lines: taken.flat(), leftOut };
  };
  const rowOf = (finding: Finding): readonly string[] => [table.row(finding)];
  const worst = take(attention, rowOf, ATTENTION_SHARE);
  const skipped = take(skippedAccounts(report, words), (line) => [line], 0.5);
  const warnings = take(report.warnings ?? [], (text) => [`- ${proseOrCode(text)}`], 0.5);
  const commands = take(remedies.commands, (lines) => lines, 1);
  // Findings are left out from the end: none is shown after one that is not.
  const rest = take(worst.leftOut === 0 ? others : [], rowOf, 1);
  const shown = worst.lines.length + rest.lines.length;

  const blocks = [
    ...intro,
    ...leftOutNotice(findings.slice(shown), words),
    ...section(sections.attention, tableOf(table, worst.lines)),
    ...section(sections.toDo, [
      ...listOf(notes),
      ...(commands.lines.length === 0 ? [] : [shellBlock(commands.lines)]),
      ...countLeftOut(commands.leftOut, "command", words),
    ]),
    ...section(sections.skipped, [
      ...joined(skipped.lines),
      ...countLeftOut(skipped.leftOut, "account", words),
      ...unknownManagement(report, words),
    ]),
    ...section(sections.warnings, [
      ...joined(warnings.lines),
      ...countLeftOut(warnings.leftOut, "warning", words),
    ]),
    ...proof,
    ...folded(
      describeStatuses(others.slice(0, rest.lines.length), words),
      tableOf(table, rest.lines),
    ),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** A heading and what is under it, in blocks; nothing where there is nothing to say. */
function section(title: string, blocks: readonly string[]): readonly string[] {
  return blocks.length === 0 ? [] : [`### ${title}`, ...blocks];
}

/** Sentences as one list. */
function listOf(sentences: readonly string[]): readonly string[] {
  return joined(sentences.map((sentence) => `- ${proseOrCode(sentence)}`));
}

/** Lines as one block. */
function joined(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [lines.join("\n")];
}

function tableOf({ head }: FindingsTable, rows: readonly string[]): readonly string[] {
  return rows.length === 0 ? [] : joined([...head, ...rows]);
}

/** Blocks that a reader unfolds. GitHub renders Markdown in it after an empty line. */
function folded(title: string, blocks: readonly string[]): readonly string[] {
  return blocks.length === 0
    ? []
    : [`<details><summary>${title}</summary>`, ...blocks, "</details>"];
}

function skippedAccounts({ accounts }: Report, words: ReportWords): readonly string[] {
  return accounts
    .filter((account) => account.status === "skipped")
    .map(({ id, name, reason }) => {
      const { fact } = words.markdown;
      const why = fact(codeSpan(reason.code), proseOrCode(words.skippedMessage(reason)));
      return `- ${fact(nameAndId(name, id), why)}`;
    });
}

function unknownManagement(
  { managementAccountUnknown }: Report,
  words: ReportWords,
): readonly string[] {
  return managementAccountUnknown === true ? [words.markdown.managementUnknown] : [];
}

function leftOutNotice(leftOut: readonly Finding[], words: ReportWords): readonly string[] {
  if (leftOut.length === 0) return [];
  const count = words.counted(leftOut.length, "finding");
  return [words.markdown.leftOutNotice(count, describeStatuses(leftOut, words))];
}

function countLeftOut(count: number, noun: Counted, words: ReportWords): readonly string[] {
  return count === 0 ? [] : [words.markdown.leftOut(words.counted(count, noun))];
}

function sizeOf(blocks: readonly string[]): number {
  return blocks.reduce((bytes, block) => bytes + Buffer.byteLength(block) + 2, 0);
}
