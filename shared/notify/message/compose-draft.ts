import { type Alert, isOver } from "../../alerts/alert.ts";
import type { Finding } from "../../audit/finding.ts";
import { keyOf } from "../../audit/subject.ts";
import { changeBlock, joined, reasonSpans } from "./change-block.ts";
import { changeList } from "./change-list.ts";
import { cleanText } from "../../text/clean-text.ts";
import type { Block, Draft, Line, Span } from "./draft.ts";
import { groupBy } from "../../audit/group-by.ts";
import { describeControls, notesOf, stateNote } from "./notes.ts";
import { isToMend, NOTICE_KINDS, type Notice, noticesOf } from "./notice.ts";
import { readingNotes } from "./reading-remedy.ts";
import { capitalize, toneOf, verdictOf } from "./verdict.ts";
import type { Words } from "./words.ts";

/** From so many regions of one kind on, what they share is said once. */
const LIST_FROM = 6;
/** More names than this are no longer read. */
const MAX_NAMES = 20;
const MAX_EXEMPTIONS = 5;

/** What stands in every message where the configuration names no keyword. */
export const DEFAULT_KEYWORD = "[flowlog-guard]";

export interface DraftOptions {
  readonly keyword?: string | undefined;
  /** Whether lists of many regions have room for what the cloud calls them. */
  readonly withNames: boolean;
}

/** Says what an alert has to say, in no chat's own way yet, and with no regard to its length. */
export function composeDraft(
  alert: Alert,
  words: Words,
  { keyword = DEFAULT_KEYWORD, withNames }: DraftOptions,
): Draft {
  const notices = noticesOf(alert);
  return {
    keyword,
    verdict: verdictOf(alert, notices, words),
    tone: toneOf(alert),
    calls: alert.kind === "test" || alert.changes.some((change) => !isOver(change)),
    ...(alert.kind === "test"
      ? { blocks: [paragraph([[{ kind: "words", text: words.testNote }]])], closing: [] }
      : {
          blocks: blocksOf(alert, notices, words, withNames),
          closing: closingOf(alert, notices, words),
        }),
  };
}

function paragraph(lines: readonly Line[], regions = 0): Block {
  return { kind: "paragraph", lines: () => lines, covers: [], regions };
}

function blocksOf(
  alert: Alert,
  notices: readonly Notice[],
  words: Words,
  withNames: boolean,
): Block[] {
  const { findings, unreadable, endingExemptions } = alert;
  const told = new Set(notices.map(({ finding }) => keyOf(finding)));
  // That a region can be read again does not say that it is still not activated.
  const listedOpen = new Set(
    notices
      .filter(({ changes }) => changes.some(({ condition }) => condition === "open"))
      .map(({ finding }) => keyOf(finding)),
  );
  const label = alert.kind === "summary" ? words.notActivated : words.alsoNotActivated;
  const open = findings.filter((finding) => !listedOpen.has(keyOf(finding)));
  return [
    ...(alert.kind === "summary" ? [paragraph([accountLine(alert, words)])] : []),
    ...noticeBlocks(alert, notices, words, withNames),
    ...listBlock([{ kind: "words", text: label }], open, alert, words),
    ...unreadableBlocks(
      unreadable.filter((finding) => !told.has(keyOf(finding))),
      alert,
      words,
    ),
    ...exemptionBlock(endingExemptions, words),
  ];
}

function accountLine({ accountId }: Alert, words: Words): Line {
  return [
    { kind: "words", text: capitalize(words.account) },
    { kind: "outside", text: cleanText(accountId) },
  ];
}

/** What is told of regions, one by one where few of a kind share a rule and an account. */
function noticeBlocks(
  alert: Alert,
  notices: readonly Notice[],
  words: Words,
  withNames: boolean,
): Block[] {
  const groups = NOTICE_KINDS.flatMap((kind) => [
    ...groupBy(
      notices.filter((notice) => notice.kind === kind),
      ({ finding }) => JSON.stringify([finding.ruleId, finding.accountId]),
    ).values(),
  ]);
  return groups.flatMap((group): Block[] =>
    group.length < LIST_FROM
      ? group.map((notice) => changeBlock(notice, alert, words, notices.length === 1))
      : changeList(group, alert, words, { isInTitle: groups.length === 1, withNames }),
  );
}

/** A block for each reason why regions could not be read. */
function unreadableBlocks(unreadable: readonly Finding[], alert: Alert, words: Words): Block[] {
  const codes = [...new Set(unreadable.map(({ reason }) => reason.code))];
  return codes.flatMap((code) =>
    listBlock(
      [{ kind: "words", text: words.notRead }, ...reasonSpans(code, words)],
      unreadable.filter(({ reason }) => reason.code === code),
      alert,
      words,
    ),
  );
}

/** One line that names regions; none for no regions. */
function listBlock(
  label: readonly Span[],
  findings: readonly Finding[],
  { openSince }: Alert,
  words: Words,
): Block[] {
  if (findings.length === 0) return [];
  const more = findings.length - MAX_NAMES;
  const [opening, closing] = words.brackets;
  const names = findings.slice(0, MAX_NAMES).map((finding): Span[] => {
    const wasOpen = finding.status === "INSUFFICIENT_DATA" && openSince?.has(keyOf(finding));
    return [
      { kind: "outside", text: cleanText(finding.regionId) },
      ...(wasOpen === true
        ? [{ kind: "words", text: `${opening}${words.wasOpenMark}${closing}` } as const]
        : []),
    ];
  });
  const rest: Span[][] = more > 0 ? [[{ kind: "words", text: words.more(more) }]] : [];
  const line: Line = [
    ...label,
    { kind: "words", text: words.colon },
    ...joined([...names, ...rest], words.separator),
  ];
  return [paragraph([line], findings.length)];
}

function exemptionBlock(findings: readonly Finding[], words: Words): Block[] {
  if (findings.length === 0) return [];
  const more = findings.length - MAX_EXEMPTIONS;
  const lines = findings.slice(0, MAX_EXEMPTIONS).map(({ regionId, exemption }): Line => [
    { kind: "strong", text: cleanText(regionId) },
    { kind: "words", text: `${words.colon}${words.exemptionEnds}` },
    { kind: "outside", text: cleanText(exemption?.expires ?? "") },
    { kind: "words", text: words.exemptionOwner },
    { kind: "outside", text: cleanText(exemption?.owner ?? "") },
  ]);
  const rest: Line[] = more > 0 ? [[{ kind: "words", text: words.more(more) }]] : [];
  return [paragraph([...lines, ...rest], findings.length)];
}

function closingOf(alert: Alert, notices: readonly Notice[], words: Words): Line[] {
  const { read, summary, cards } = alert;
  const toMend = notices.filter(isToMend).map(({ finding }) => finding);
  const sum = [
    words.readOf(read, summary.total),
    ...cards.map((card) => describeControls(card, words)).filter((text) => text !== ""),
  ];
  const notes = [...notesOf(alert, toMend, words.language), ...stateNote(alert, words)];
  const texts = [...notes, sum.join(" · ")];
  return [...readingNotes(alert, words), ...texts.map((text): Line => [{ kind: "words", text }])];
}
