/** The marks that stand for words on a terminal. Within one set, all but the last have the same width. */
export interface Marks {
  /** In order, or done. */
  readonly good: string;
  /** Wrong, or failed. */
  readonly bad: string;
  /** Not known. */
  readonly unknown: string;
  /** Not a problem, but to be looked at. */
  readonly warning: string;
  /** Does not count. */
  readonly neutral: string;
  /** In place of what is left out of a text. */
  readonly ellipsis: string;
}

const UNICODE: Marks = {
  good: "✔",
  bad: "✖",
  unknown: "?",
  warning: "!",
  neutral: "-",
  ellipsis: "…",
};

const ASCII: Marks = {
  good: "ok",
  bad: "x ",
  unknown: "? ",
  warning: "! ",
  neutral: "- ",
  ellipsis: "...",
};

/** @param showsUnicode - whether the reader shows characters beyond ASCII */
export function marksFor(showsUnicode: boolean): Marks {
  return showsUnicode ? UNICODE : ASCII;
}
