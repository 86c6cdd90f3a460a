import type { Span } from "./draft.ts";

/** Spans with words before them, unless there are none. */
export function prefixed(prefix: string, spans: readonly Span[]): Span[] {
  return spans.length === 0 ? [] : [{ kind: "words", text: prefix }, ...spans];
}

/** Spans with words between them. */
export function joined(parts: readonly (readonly Span[])[], separator: string): Span[] {
  return parts.flatMap((part, index) => (index === 0 ? part : prefixed(separator, part)));
}

/** A text of this program as a span. */
export function wordsSpan(text: string): Span {
  return { kind: "words", text };
}

/** A text with a capital letter where it begins. */
export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
