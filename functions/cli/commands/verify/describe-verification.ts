import picocolors from "picocolors";

import type {
  ChainBreak,
  ChainNote,
  HeldHead,
  LockReading,
  Verification,
} from "../../../../shared/evidence/verification.ts";
import { cleanText } from "../../../../shared/text/clean-text.ts";
import { inColumns, plain } from "../../../../shared/text/columns.ts";
import { describeBreak, describeNote, detailsOf } from "./describe-break.ts";

/** Names are text from outside. A key of OSS has 1023 bytes at most. */
const MAX_NAME_BYTES = 1_023;
/** As many notes are printed without `--verbose`. */
const MAX_NOTES = 5;

export interface DescribeOptions {
  readonly color: boolean;
  /** Whether all breaks and notes are printed. */
  readonly verbose: boolean;
  /** Whether the evidence is in a folder, which nothing can lock. */
  readonly isFolder: boolean;
}

/** Describes the outcome for people: the verdict, the first break, and what it does not prove. */
export function describeVerification(outcome: Verification, options: DescribeOptions): string {
  const { breaks, notes } = outcome;
  return [
    factsOf(outcome, options),
    verdictOf(outcome, options),
    ...listed(breaks, options.verbose ? breaks.length : 1, breakLines, "break"),
    ...listed(notes, options.verbose ? notes.length : MAX_NOTES, noteLines, "note"),
    ...(breaks.length === 0 ? limitsOf(outcome, options) : []),
    "",
  ].join("\n");
}

function factsOf(outcome: Verification, { isFolder }: DescribeOptions): string {
  const { evidence, runs, first, head, heldHead, lock } = outcome;
  const facts = [
    ["Evidence", evidence],
    ["Lock", describeLock(lock, isFolder)],
    ["Runs", `${runs}${first && head ? `, ${first.startedAt} to ${head.startedAt}` : ""}`],
    ["Head", head?.sha256 ?? "none"],
    ...(head === null ? [] : [["", head.name]]),
    ...(heldHead === null ? [] : [["Held", describeHeld(heldHead)]]),
  ];
  return inColumns(
    facts.map((cells) => ({
      cells: cells.map((cell) => cleanText(cell, MAX_NAME_BYTES)),
      paints: [plain],
    })),
  );
}

function describeLock(lock: LockReading, isFolder: boolean): string {
  switch (lock.status) {
    case "LOCKED":
      return `locked for ${lock.lock.days} days since ${lock.lock.createdAt}: nobody can change or delete an object in its first ${lock.lock.days} days`;
    case "IN_PROGRESS":
      return `not locked yet: the retention policy of ${lock.lock.days} days, of ${lock.lock.createdAt}, lapses after 24 hours`;
    case "NOT_LOCKED":
      return isFolder
        ? "none: whoever may write in the folder may change and delete its files"
        : "not locked: whoever may write here may change or delete objects";
    case "UNREADABLE":
      return `unknown: ${lock.message}`;
  }
}

function describeHeld({ sha256, run, leadsToHead, runsAfter, isOfReport }: HeldHead): string {
  if (run === null) {
    return `${sha256} is not there${isOfReport ? ": it is the SHA-256 of a report, not of a manifest" : ""}`;
  }
  const after = runsAfter === 1 ? "1 run follows it" : `${runsAfter} runs follow it`;
  if (leadsToHead) return `${sha256} is ${runsAfter === 0 ? "the head" : `there; ${after}`}`;
  return `${sha256} is there; ${after}, and the head is of another chain`;
}

function verdictOf(
  { breaks, runs, wholeReports, unread }: Verification,
  { color }: DescribeOptions,
): string {
  const { bold, green, red, yellow } = picocolors.createColors(color);
  const unreadLine = unread === null ? "" : `\nNot everything was read: ${unread}`;
  if (breaks.length > 0) {
    const count = breaks.length === 1 ? "1 break" : `${breaks.length} breaks`;
    return `\n${bold(red("BROKEN"))}: ${count}${unreadLine}`;
  }
  if (unread !== null) return `\n${bold(yellow("NOT VERIFIED"))}${unreadLine}`;
  return `\n${bold(green("WHOLE"))}: ${counted(runs, "manifest is", "manifests are")} linked, and ${counted(wholeReports, "report has", "reports have")} the SHA-256 that ${wholeReports === 1 ? "its manifest names" : "their manifests name"}`;
}

function counted(count: number, one: string, other: string): string {
  return `${count} ${count === 1 ? one : other}`;
}

function listed<Item>(
  items: readonly Item[],
  max: number,
  linesOf: (item: Item) => string[],
  called: string,
): string[] {
  const more = items.length - max;
  return [
    ...items.slice(0, max).flatMap(linesOf),
    ...(more > 0
      ? [`  and ${more} more ${called}${more === 1 ? "" : "s"}: see them with --verbose`]
      : []),
  ];
}

function breakLines(found: ChainBreak): string[] {
  const { name } = found;
  const subject = name === null ? "" : `${cleanText(name, MAX_NAME_BYTES)} `;
  return [
    `  ${subject}${describeBreak(found)}`,
    ...detailsOf(found).map(
      ([label, value]) => `    ${label}: ${cleanText(value, MAX_NAME_BYTES)}`,
    ),
  ];
}

function noteLines(note: ChainNote): string[] {
  return [`  note: ${cleanText(note.name, MAX_NAME_BYTES)}: ${describeNote(note)}`];
}

/** What a whole chain does not prove. */
function limitsOf({ heldHead, lock }: Verification, { isFolder }: DescribeOptions): string[] {
  const limits = [
    heldHead === null &&
      "Whether the newest runs were removed cannot be seen without --head and the SHA-256 that a second party holds.",
    lock.status !== "LOCKED" &&
      `${isFolder ? "The folder" : "The bucket"} is not known to be locked: whoever may write there could have written the whole chain anew, which only --head shows.`,
  ].filter((limit) => limit !== false);
  return limits.length === 0 ? [] : ["", ...limits];
}
