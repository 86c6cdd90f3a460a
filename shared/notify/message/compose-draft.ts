import type { Alert, Change } from "../../audit/alert.ts";
import type { Finding } from "../../audit/finding.ts";
import { keyOf } from "../../audit/state.ts";
import { changeBlock, reasonSpans } from "./change-block.ts";
import { cleanText } from "./clean-text.ts";
import type { Block, Draft, Line, Span } from "./draft.ts";
import { describeControls, isToMend, notesOf } from "./notes.ts";
import { cardOf } from "./remedy.ts";
import { byUrgency, isOver, toneOf, verdictOf } from "./verdict.ts";
import type { Words } from "./words.ts";

/** More names than this are no longer read. */
const MAX_NAMES = 20;
const MAX_EXEMPTIONS = 5;

/** What begins every message where the configuration names no keyword. */
export const DEFAULT_PREFIX = "[flowlog-guard]";

/** Says what an alert has to say, in no chat's own way yet, and with no regard to its length. */
export function composeDraft(alert: Alert, words: Words, prefix = DEFAULT_PREFIX): Draft {
  return {
    prefix,
    verdict: verdictOf(alert, words),
    tone: toneOf(alert),
    calls: alert.kind === "test" || alert.changes.some((change) => !isOver(change)),
    ...(alert.kind === "test"
      ? { blocks: [testBlock(words)], closing: [] }
      : { blocks: blocksOf(alert, words), closing: closingOf(alert, words) }),
  };
}

function testBlock(words: Words): Block {
  return { lines: () => [[{ kind: "words", text: words.testNote }]], covers: [], regions: 0 };
}

function blocksOf(alert: Alert, words: Words): Block[] {
  const { changes, findings, unreadable, endingExemptions } = alert;
  const isNoNews = notIn(changes);
  // That a region can be read again does not say that it is still not activated.
  const isNotToldOpen = notIn(changes.filter(({ condition }) => condition === "open"));
  const label = alert.kind === "summary" ? words.notActivated : words.alsoNotActivated;
  return [
    ...byUrgency(changes).map((change) =>
      changeBlock(change, cardOf(alert, change.finding), words),
    ),
    ...listBlock(label, findings.filter(isNotToldOpen), words),
    ...unreadableBlocks(unreadable.filter(isNoNews), words),
    ...exemptionBlock(endingExemptions, words),
  ];
}

function notIn(changes: readonly Change[]): (finding: Finding) => boolean {
  const told = new Set(changes.map(({ finding }) => keyOf(finding)));
  return (finding) => !told.has(keyOf(finding));
}

/** A block for each reason why regions could not be read. */
function unreadableBlocks(unreadable: readonly Finding[], words: Words): Block[] {
  const codes = [...new Set(unreadable.map(({ reason }) => reason.code))];
  return codes.flatMap((code) =>
    listBlock(
      words.notRead,
      unreadable.filter(({ reason }) => reason.code === code),
      words,
      reasonSpans(code, words),
    ),
  );
}

/** One line that names regions; none for no regions. */
function listBlock(
  label: string,
  findings: readonly Finding[],
  words: Words,
  afterLabel: readonly Span[] = [],
): Block[] {
  if (findings.length === 0) return [];
  const more = findings.length - MAX_NAMES;
  const names = findings.slice(0, MAX_NAMES).flatMap(({ regionId }, index): Span[] => [
    { kind: "words", text: index === 0 ? words.colon : words.separator },
    { kind: "outside", text: cleanText(regionId) },
  ]);
  const line: Line = [
    { kind: "words", text: label },
    ...afterLabel,
    ...names,
    ...(more > 0
      ? [{ kind: "words", text: `${words.separator}${words.more(more)}` } as const]
      : []),
  ];
  return [{ lines: () => [line], covers: [], regions: findings.length }];
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
  return [{ lines: () => [...lines, ...rest], covers: [], regions: findings.length }];
}

function closingOf(alert: Alert, words: Words): Line[] {
  const { changes, read, summary, cards } = alert;
  const toMend = changes.filter(isToMend).map(({ finding }) => finding);
  const sum = [
    words.readOf(read, summary.total),
    ...cards.map((card) => describeControls(card, words)).filter((text) => text !== ""),
  ];
  return [...notesOf(alert, toMend, words.language), sum.join(" · ")].map((text) => [
    { kind: "words", text },
  ]);
}
