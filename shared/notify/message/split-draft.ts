import type { Block, Draft, Line, Part } from "./draft.ts";
import { fillParts, type Filling } from "./fill-parts.ts";
import type { Words } from "./words.ts";

/**
 * Cuts a draft into messages, between blocks. What five messages do not hold, the last one counts;
 * it is told with that one.
 *
 * @param fits - whether the message that a part becomes is small enough
 */
export function splitDraft(draft: Draft, words: Words, fits: (part: Part) => boolean): Part[] {
  const partOf = (filling: Filling<Block>): Part => toPart(draft, words, filling);
  return fillParts(draft.blocks, (filling) => fits(partOf(filling))).map(partOf);
}

function toPart(draft: Draft, words: Words, filling: Filling<Block>): Part {
  const { items, leftOver, number, of, last } = filling;
  const { keyword, tone } = draft;
  const position = of === 1 ? "" : ` (${number}/${of})`;
  const left = leftOver.reduce((sum, { regions }) => sum + regions, 0);
  const more: Line[] = left === 0 ? [] : [[{ kind: "words", text: words.more(left) }]];
  const closing = last ? [...more, ...draft.closing] : [];
  const verdict = `${draft.verdict}${position}`;
  return {
    keyword,
    verdict,
    title: `${verdict} ${keyword}`,
    tone,
    calls: draft.calls && number === 1,
    blocks: [...paragraphsOf(items), ...(closing.length > 0 ? [closing] : [])],
    covers: [...items, ...leftOver].flatMap(({ covers }) => covers),
    number,
  };
}

/** Puts entries of one list that follow each other into one paragraph. */
function paragraphsOf(blocks: readonly Block[]): (readonly Line[])[] {
  const paragraphs: (readonly Line[])[] = [];
  for (let index = 0; index < blocks.length; index += 1) {
    const block = blocks[index];
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
