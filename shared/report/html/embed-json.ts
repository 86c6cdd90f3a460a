/**
 * Writes JSON so that it can stand in a `script` element: without `<`, it has neither an end tag nor the
 * beginning of a comment. It stays the same JSON, and {@link extractJson} gives back every byte.
 *
 * @see https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
 */
export function embedJson(json: string): string {
  return json.replaceAll("<", "\\u003c");
}

/**
 * The JSON that {@link embedJson} was given, if that had no escape of `<` itself: canonical JSON has
 * none. Escape sequences are read one by one, since `\\u003c` is a backslash and a text.
 */
export function extractJson(embedded: string): string {
  return embedded
    .trim()
    .replaceAll(/\\(\\|u003c)/g, (escape, escaped: string) => (escaped === "u003c" ? "<" : escape));
}
