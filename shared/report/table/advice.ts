import type { Finding, Status } from "../../audit/finding.ts";
import { groupBy } from "../../audit/group-by.ts";
import type { RuleCard } from "../../audit/rule-card.ts";
import { longest } from "../../text/columns.ts";
import { displayWidth } from "../../text/display-width.ts";
import { remedyNotes } from "../remedy-notes.ts";
import { needsAttention, rankOf } from "../status-order.ts";
import type { ReportWords } from "../words/report-words.ts";
import type { AccountLabel } from "./account-label.ts";
import { cellText } from "./cell-text.ts";
import { lookOf, type TableStyle } from "./status-look.ts";

/** Longer places are not padded to, so that one long id does not push all messages away. */
const MAX_PADDED_WIDTH = 48;

export interface AdviceOptions {
  readonly style: TableStyle;
  /** What this version knows of rules. */
  readonly cards: readonly RuleCard[];
  /** Whether findings with the same message share a line, as a list that no rule could read. */
  readonly isShared: boolean;
}

/**
 * What is the matter with findings, and what to do: the places and their message, then the notes to read
 * before applying a remedy, each text once.
 */
export function adviceLines(
  findings: readonly Finding[],
  { style, cards, isShared }: AdviceOptions,
): readonly string[] {
  const advice = adviceOn(findings, isShared, (finding) =>
    cellText(style.words.message(finding, cards)),
  );
  const { colors, words } = style;
  const places = advice.map((it) => [...it.places].join(", "));
  const width = Math.min(longest(places), MAX_PADDED_WIDTH);
  const lines = advice.map(({ finding, text }, index) =>
    adviceLine(finding.status, places[index] ?? "", width, text, style),
  );
  return [
    ...lines,
    ...remedyNotes(findings, cards).map((note) => colors.dim(note[words.language])),
  ];
}

/**
 * The same for findings of several accounts: each reason once, with the number of its regions. Where
 * its messages differ, as commands do that name their region, one of them is the example.
 */
export function adviceByReason(
  findings: readonly Finding[],
  { style, cards, accountLabel }: Omit<AdviceOptions, "isShared"> & { accountLabel: AccountLabel },
): readonly string[] {
  const { colors, words } = style;
  const groups = [
    ...groupBy(findings.filter(needsAttention), ({ status, reason }) =>
      JSON.stringify([status, reason.code]),
    ).values(),
  ].toSorted(([a], [b]) => rankOf(a?.status ?? "IGNORED") - rankOf(b?.status ?? "IGNORED"));
  const places = groups.map((group) => describePlaces(group, words));
  const width = Math.min(longest(places), MAX_PADDED_WIDTH);
  const lines = groups.flatMap((group, index) => {
    const [first] = group;
    if (first === undefined) return [];
    const { status, accountId } = first;
    const message = words.message(first, cards);
    const isExample = group.some((finding) => words.message(finding, cards) !== message);
    const example = isExample ? words.example(accountLabel(accountId), placeOf(first)) : "";
    const text = `${example}${cellText(message)}`;
    return [adviceLine(status, places[index] ?? "", width, text, style)];
  });
  return [
    ...lines,
    ...remedyNotes(findings, cards).map((note) => colors.dim(note[words.language])),
  ];
}

/** A reason, and how many regions of how many accounts have it. */
function describePlaces(findings: readonly Finding[], words: ReportWords): string {
  const code = cellText(findings[0]?.reason.code ?? "");
  const accounts = new Set(findings.map(({ accountId }) => accountId));
  const regions = new Set(findings.map(({ accountId, regionId }) => `${accountId} ${regionId}`));
  return words.codeInRegions(code, regions.size, accounts.size);
}

function adviceLine(
  status: Status,
  place: string,
  width: number,
  text: string,
  style: TableStyle,
): string {
  const { mark, paint } = lookOf(status, style);
  const padding = " ".repeat(Math.max(0, width - displayWidth(place)));
  return `${paint(`${mark} ${place}${padding}`)}  ${text}`;
}

/** A message, and what it is about. */
interface Advice {
  /** One of the findings that have it. */
  readonly finding: Finding;
  readonly text: string;
  readonly places: Set<string>;
}

function adviceOn(
  findings: readonly Finding[],
  isShared: boolean,
  textOf: (finding: Finding) => string,
): readonly Advice[] {
  const advice = new Map<string, Advice>();
  for (const finding of findings.filter(needsAttention)) {
    const place = placeOf(finding);
    const text = textOf(finding);
    const key = JSON.stringify([finding.status, text, isShared || place]);
    const of = advice.get(key) ?? { finding, text, places: new Set() };
    advice.set(key, of);
    of.places.add(place);
  }
  return [...advice.values()];
}

/** The region, and the id and the name of the resource where the finding is about one. */
function placeOf({ regionId, resource }: Finding): string {
  const region = cellText(regionId);
  if (resource === undefined) return region;
  const name = cellText(resource.name ?? "");
  const id = `${region} ${cellText(resource.id)}`;
  return name === "" ? id : `${id} (${name})`;
}
