import type { Finding } from "../../audit/finding.ts";
import type { Report } from "../../audit/report.ts";
import type { RenderOptions } from "../format.ts";
import { describeNotAsked } from "../not-asked.ts";
import { needsAttention } from "../status-order.ts";
import { meaningLines } from "../table/meanings.ts";
import { otherAccountNotes } from "../table/other-accounts.ts";
import { describeCount, describeStatuses } from "../table/summary.ts";
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
  { cards, wayToAsk = "parameter", maxBytes = null }: RenderOptions,
): string {
  const table = findingsTable(report);
  const findings = worstFirst(report.findings, report.rules);
  const attention = findings.filter(needsAttention);
  const others = findings.filter((finding) => !needsAttention(finding));
  const remedies = remediesFor(report, attention, cards);
  const intro = overview(report);
  const notAsked = wayToAsk === null ? null : describeNotAsked(report, wayToAsk);
  const proof = section(
    "What it proves",
    listOf([...meaningLines(report, cards), ...(notAsked === null ? [] : [notAsked])]),
  );
  const notes = [...remedies.notes, ...otherAccountNotes(report, attention)];

  const fixedBytes = sizeOf([...intro, ...proof, ...notes]) + FRAME_BYTES;
  let room = Math.max(0, (maxBytes ?? JOB_SUMMARY_ROOM_BYTES) - fixedBytes);
  const take = <T>(items: readonly T[], linesOf: (item: T) => readonly string[], share: number) => {
    const { taken, leftOut, bytes } = takeWithin(items, linesOf, room * share);
    room -= bytes;
    return { lines: taken.flat(), leftOut };
  };
  const rowOf = (finding: Finding): readonly string[] => [table.row(finding)];
  const worst = take(attention, rowOf, ATTENTION_SHARE);
  const skipped = take(skippedAccounts(report), (line) => [line], 0.5);
  const warnings = take(report.warnings ?? [], (text) => [`- ${proseOrCode(text)}`], 0.5);
  const commands = take(remedies.commands, (lines) => lines, 1);
  // Findings are left out from the end: none is shown after one that is not.
  const rest = take(worst.leftOut === 0 ? others : [], rowOf, 1);
  const shown = worst.lines.length + rest.lines.length;

  const blocks = [
    ...intro,
    ...leftOutNotice(findings.slice(shown)),
    ...section("Needs attention", tableOf(table, worst.lines)),
    ...section("What to do", [
      ...listOf(notes),
      ...(commands.lines.length === 0 ? [] : [shellBlock(commands.lines)]),
      ...countLeftOut(commands.leftOut, "command"),
    ]),
    ...section("Accounts that were not audited", [
      ...joined(skipped.lines),
      ...countLeftOut(skipped.leftOut, "account"),
      ...unknownManagement(report),
    ]),
    ...section("Warnings", [
      ...joined(warnings.lines),
      ...countLeftOut(warnings.leftOut, "warning"),
    ]),
    ...proof,
    ...folded(describeStatuses(others.slice(0, rest.lines.length)), tableOf(table, rest.lines)),
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

function skippedAccounts({ accounts }: Report): readonly string[] {
  return accounts
    .filter((account) => account.status === "skipped")
    .map(({ id, name, reason: { code, message } }) => {
      return `- ${nameAndId(name, id)}: ${codeSpan(code)}: ${proseOrCode(message)}`;
    });
}

function unknownManagement({ managementAccountUnknown }: Report): readonly string[] {
  return managementAccountUnknown === true
    ? [
        "The management account of the resource directory is not known, and may be missing from this report.",
      ]
    : [];
}

function leftOutNotice(leftOut: readonly Finding[]): readonly string[] {
  if (leftOut.length === 0) return [];
  const count = `${describeCount(leftOut.length, "finding")} left out`;
  return [
    `**${count}**, because GitHub limits the size of a job summary: ${describeStatuses(leftOut)}. The report in JSON has them all.`,
  ];
}

function countLeftOut(count: number, noun: string): readonly string[] {
  return count === 0 ? [] : [`${describeCount(count, noun)} left out.`];
}

function sizeOf(blocks: readonly string[]): number {
  return blocks.reduce((bytes, block) => bytes + Buffer.byteLength(block) + 2, 0);
}
