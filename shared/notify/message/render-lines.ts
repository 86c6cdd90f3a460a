import type { Line, Span } from "./draft.ts";
import { escapeMarks } from "./escape-marks.ts";

/** How a chat marks up text. All functions but `link` get text from outside. */
export interface Dialect {
  outside(text: string): string;
  strong(text: string): string;
  code(text: string): string;
  link(text: string, url: string): string;
  /** The separator of two lines. */
  readonly lineEnd: string;
}

/** The markdown that DingTalk, Feishu and WeCom agree on. */
export const MARKDOWN: Dialect = {
  outside: (text) => escapeMarks(text),
  strong: (text) => `**${escapeMarks(text)}**`,
  code: (text) => `\`${plainCode(text)}\``,
  link: (text, url) => `[${text}](${url})`,
  lineEnd: "\n",
};

/** Writes code for a chat that has no markup for code. */
export function plainCode(text: string): string {
  return escapeMarks(text, "_");
}

/** Writes lines in the markup of a chat. */
export function renderLines(lines: readonly Line[], dialect: Dialect): string {
  return lines
    .map((line) => line.map((span) => renderSpan(span, dialect)).join(""))
    .join(dialect.lineEnd);
}

function renderSpan(span: Span, dialect: Dialect): string {
  switch (span.kind) {
    case "words":
      return span.text;
    case "outside":
    case "strong":
    case "code":
      return dialect[span.kind](span.text);
    case "link":
      return dialect.link(span.text, span.url);
  }
}
