/** A fenced block of a Markdown text. */
export interface FencedBlock {
  /** The word after the fence, such as `sh`; empty where there is none. */
  readonly language: string;
  /** The lines between the fences, without the indentation of the fence. */
  readonly text: string;
}

const FENCED = /^( *)```(\w*)[^\n]*\n(.*?)^\1```$\n?/gms;

/** The fenced blocks of a text, in their order. */
export function fencedBlocks(markdown: string): FencedBlock[] {
  return [...markdown.matchAll(FENCED)].map(([, indent = "", language = "", text = ""]) => ({
    language,
    text: text.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  }));
}

/** The texts of the blocks in a language. */
export function blocksIn(language: string, markdown: string): string[] {
  return fencedBlocks(markdown)
    .filter((block) => block.language === language)
    .map(({ text }) => text);
}

/** The text without its fenced blocks. */
export function proseOf(markdown: string): string {
  return markdown.replaceAll(FENCED, "");
}

/** The part of a text below a heading of the second level, up to the next one. */
export function sectionOf(heading: string, markdown: string): string {
  const [, below = ""] = markdown.split(`\n## ${heading}\n`);
  return below.split("\n## ")[0] ?? "";
}

/** The anchors that GitHub gives the headings of a text; an equal heading gets a number. */
export function anchorsIn(markdown: string): string[] {
  const seen = new Map<string, number>();
  return [...proseOf(markdown).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => {
    const anchor = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-");
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
}

/** The targets of the links and pictures of a text, outside of code. */
export function linksIn(markdown: string): string[] {
  const text = proseOf(markdown).replaceAll(/`[^`\n]*`/g, "`");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
}

/**
 * The number of words outside of fenced blocks, tables included: as `wc -w` counts them, and of
 * Chinese, which has no spaces, as a dictionary divides it. Marks and addresses of links are no words
 * of their own where they touch one.
 */
export function countWords(markdown: string): number {
  const prose = proseOf(markdown);
  const chinese = prose.match(/\p{Script=Han}+/gu) ?? [];
  const segmenter = new Intl.Segmenter("zh", { granularity: "word" });
  const divided = chinese.flatMap((text) => [...segmenter.segment(text)]);
  const spaced = prose
    .replaceAll(/(?<=\p{Script=Han})\]\([^)\s]*\)/gu, "")
    .replaceAll(/[*[\]]*[\p{Script=Han}，。、；：？！（）「」“”]+[*[\]]*/gu, " ")
    .match(/\S+/g);
  return divided.length + (spaced?.length ?? 0);
}
