import { type Alert, isOver } from "../../alerts/alert.ts";
import { UNKNOWN_ACCOUNT } from "../../audit/report.ts";
import { accountName } from "./account-groups.ts";
import { closingOf } from "./closing.ts";
import type { Block, Draft, Line } from "./draft.ts";
import { countLines, headlineOf, toneOf } from "./headline.ts";
import type { Layout } from "./lay-out.ts";
import { noticeBlocks } from "./notice-blocks.ts";
import { paragraph } from "./section-blocks.ts";
import { isShared, type Section, sectionsOf } from "./sections.ts";
import { capitalize, wordsSpan } from "./spans.ts";
import { ACCOUNT } from "./subject-noun.ts";
import { unchangedBlocks } from "./unchanged-blocks.ts";
import type { Words } from "./words.ts";

/** What stands in every message where the configuration names no keyword. */
const DEFAULT_KEYWORD = "[flowlog-guard]";

/**
 * Writes an alert as drafts, which are independent of the chat and not limited in length.
 *
 * @returns a function that writes the draft with a layout
 */
export function composeDrafts(
  alert: Alert,
  words: Words,
  keyword = DEFAULT_KEYWORD,
): (layout: Layout) => Draft {
  const sections = sectionsOf(alert, words);
  const draft = {
    keyword,
    headline: headlineOf(alert, sections, words),
    tone: toneOf(alert),
    calls: alert.kind === "test" || alert.changes.some((change) => !isOver(change)),
    closing: alert.kind === "test" ? [] : closingOf(sections, alert, words),
  };
  if (alert.kind === "test") {
    return () => ({ ...draft, blocks: [paragraph([[wordsSpan(words.testNote)]])] });
  }
  const first = alert.kind === "summary" ? summaryBlocks(sections, alert, words) : [];
  return (layout) => ({
    ...draft,
    blocks: [...first, ...blocksOf(sections, alert, words, layout)],
  });
}

/** The account or accounts, and the counts that the title has no room for. */
function summaryBlocks(sections: readonly Section[], alert: Alert, words: Words): Block[] {
  const counts = countLines(sections, alert.accounts.length, words).map((text): Line => [
    wordsSpan(text),
  ]);
  return [[accountLine(alert, words)], counts]
    .filter(({ length }) => length > 0)
    .map((lines) => paragraph(lines));
}

function accountLine(alert: Alert, words: Words): Line {
  const [accountId = UNKNOWN_ACCOUNT, ...others] = alert.accounts;
  if (others.length > 0) return [wordsSpan(words.counted(alert.accounts.length, ACCOUNT))];
  return [wordsSpan(capitalize(words.account)), ...accountName(accountId, alert, words)];
}

/**
 * What each section says. Where there are several, a heading names the rule of each; that of a shared
 * section is the only place where its rules are named.
 */
function blocksOf(
  sections: readonly Section[],
  alert: Alert,
  words: Words,
  layout: Layout,
): Block[] {
  return sections.flatMap((section) => {
    const topic = capitalize(section.rule.phrases.topic);
    const heading =
      sections.length === 1 && !isShared(section)
        ? null
        : { line: [{ kind: "strong", text: topic } as const] };
    const context = { section, heading, alert, words };
    return [...noticeBlocks(sections, context, layout), ...unchangedBlocks(context)];
  });
}
