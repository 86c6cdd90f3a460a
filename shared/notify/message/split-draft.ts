import type { Block, Draft, Heading, Line, Part, PartText } from "./draft.ts";
import { fillParts, type Filling } from "./fill-parts.ts";
import { wordsSpan } from "./spans.ts";
import { onlyNoun } from "./subject-noun.ts";
import type { Words } from "./words.ts";

/**
 * Cuts a draft into messages, between blocks. The last message counts the subjects that five
 * messages have no room for, and covers their changes.
 *
 * @param fits - whether the message that a part becomes is small enough
 */
export function splitDraft(draft: Draft, words: Words, fits: (part: PartText) => boolean): Part[] {
  const textOf = (filling: Filling<Block>): PartText => toText(draft, words, filling);
  return fillParts(draft.blocks, (filling) => fits(textOf(filling))).map((filling) => ({
    ...textOf(filling),
    covers: [...filling.items, ...filling.leftOver].flatMap(({ covers }) => covers),
  }));
}

function toText(draft: Draft, words: Words, filling: Filling<Block>): PartText {
  const { items, leftOver, number, of, last } = filling;
  const { keyword, tone } = draft;
  const position = of === 1 ? "" : ` (${number}/${of})`;
  const more = leftOverLines(leftOver, words);
  const closing = last ? [...more, ...draft.closing] : [];
  const headline = `${draft.headline}${position}`;
  return {
    keyword,
    headline,
    title: `${headline} ${keyword}`,
    tone,
    calls: draft.calls && number === 1,
    blocks: [...paragraphsOf(items), ...(closing.length > 0 ? [closing] : [])],
    number,
    leftOut: leftOver.length,
  };
}

/** How many subjects a message has no room for. */
function leftOverLines(leftOver: readonly Block[], words: Words): Line[] {
  const left = leftOver.reduce((sum, { subjects }) => sum + subjects, 0);
  if (left === 0) return [];
  const noun = onlyNoun(leftOver.map((block) => block.noun));
  const accounts = new Set(leftOver.flatMap(({ accountId }) => accountId ?? [])).size;
  const text = accounts > 0 ? words.moreInAccounts(left, noun, accounts) : words.more(left, noun);
  return [[wordsSpan(text)]];
}

/** Puts consecutive entries of one list into one paragraph, and headings before the blocks they head. */
function paragraphsOf(blocks: readonly Block[]): (readonly Line[])[] {
  const paragraphs: (readonly Line[])[] = [];
  let heading: Heading | null = null;
  for (let index = 0; index < blocks.length; index += 1) {
    const block = blocks[index];
    if (block !== undefined && block.heading !== heading) {
      ({ heading } = block);
      if (heading !== null) paragraphs.push([heading.line]);
    }
    if (block?.kind === "paragraph") paragraphs.push(block.lines());
    if (block?.kind !== "entry") continue;
    const { list } = block;
    const entries: Line[] = [];
    for (let next = blocks[index]; next?.kind === "entry" && next.list === list;) {
      entries.push(next.entry);
      next = blocks[index + entries.length];
    }
    index += entries.length - 1;
    paragraphs.push(list.lines(entries));
  }
  return paragraphs;
}
