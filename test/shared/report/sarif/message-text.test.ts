import { expect, test } from "vitest";

import { messageText } from "../../../../shared/report/sarif/message-text.ts";

/** An embedded link by the grammar of SARIF 2.1.0, 3.11.6: in its text, brackets and backslashes are escaped. */
const LINK = /^(?:[^\\[]|\\.)*\[(?:[^\\[\]]|\\.)*\]\(/su;

/** A placeholder by 3.11.5: two braces are one that means nothing. */
function hasPlaceholder(text: string): boolean {
  return /\{\d+\}/.test(text.replaceAll("{{", "").replaceAll("}}", ""));
}

test.each([
  String.raw`[text](https://evil.example)`,
  String.raw`\[text](https://evil.example)`,
  String.raw`\\[text](https://evil.example)`,
  String.raw`[te\]xt](https://evil.example)`,
  String.raw`[te\\](https://evil.example)`,
  String.raw`[[text](https://evil.example)`,
  String.raw`[[text]](https://evil.example)`,
  String.raw`][text](1)`,
])("%s is no link", (text) => {
  expect(messageText(text)).not.toMatch(LINK);
});

test.each(["{0}", "{{0}}", "{{{0}}}", "{0}{12}", "a{0}b"])("%s has no placeholder", (text) => {
  expect(hasPlaceholder(messageText(text))).toBe(false);
});

test.each([
  String.raw`a list [0] and C:\path (1) { } {x}`,
  "The flow log fl-1 of vpc-1 is inactive.",
])("%s stays as it is", (text) => {
  expect(messageText(text)).toBe(text);
});

test("the reader of this test finds links and placeholders", () => {
  expect(String.raw`see [te\]xt](https://example.com)`).toMatch(LINK);
  expect(String.raw`see \\[text](https://example.com)`).toMatch(LINK);
  expect(hasPlaceholder("{{{0}}}")).toBe(true);
});
