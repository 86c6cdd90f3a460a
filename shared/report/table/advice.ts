import type { Finding } from "../../audit/finding.ts";
import type { RuleCard } from "../../audit/rule-card.ts";
import { longest } from "../../text/columns.ts";
import { displayWidth } from "../../text/display-width.ts";
import { needsAttention } from "../status-order.ts";
import { cellText } from "./cell-text.ts";
import { type Colors, lookOf } from "./status-look.ts";

/** Longer places are not padded to, so that one long id does not push all messages away. */
const MAX_PADDED_WIDTH = 48;

export interface AdviceOptions {
  readonly colors: Colors;
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
  { colors, cards, isShared }: AdviceOptions,
): readonly string[] {
  const advice = adviceOn(findings, isShared);
  const places = advice.map((it) => [...it.places].join(", "));
  const width = Math.min(longest(places), MAX_PADDED_WIDTH);
  return [
    ...advice.map(({ finding: { status, reason } }, index) => {
      const { mark, paint } = lookOf(status, colors);
      const place = places[index] ?? "";
      const padding = " ".repeat(Math.max(0, width - displayWidth(place)));
      return `${paint(`${mark} ${place}${padding}`)}  ${cellText(reason.message)}`;
    }),
    ...notesOf(findings, cards).map((note) => colors.dim(note)),
  ];
}

/** A message, and what it is about. */
interface Advice {
  /** One of the findings that have it. */
  readonly finding: Finding;
  readonly places: Set<string>;
}

function adviceOn(findings: readonly Finding[], isShared: boolean): readonly Advice[] {
  const advice = new Map<string, Advice>();
  for (const finding of findings.filter(needsAttention)) {
    const place = placeOf(finding);
    const key = JSON.stringify([finding.status, finding.reason.message, isShared || place]);
    const of = advice.get(key) ?? { finding, places: new Set() };
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
  return `${region} ${cellText(resource.id)}${name === "" ? "" : ` (${name})`}`;
}

function notesOf(findings: readonly Finding[], cards: readonly RuleCard[]): string[] {
  const open = findings.filter(({ status }) => status === "NON_COMPLIANT");
  const notes = cards.flatMap((card) =>
    open
      .filter(({ ruleId }) => ruleId === card.id)
      .flatMap((finding) => card.remedy(finding).before?.en ?? []),
  );
  return [...new Set(notes)];
}
