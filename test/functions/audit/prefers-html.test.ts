import { expect, test } from "vitest";

import { prefersHtml } from "../../../functions/audit/prefers-html.ts";

test.each([
  ["", false],
  ["*/*", false],
  ["application/json", false],
  ["text/html", true],
  ["TEXT/HTML", true],
  ["text/html;level=1", true],
  ["text/*", true],
  // Chrome, Firefox and Safari.
  ["text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", true],
  ["text/html, application/xhtml+xml, application/xml ; q=0.9, */* ; q=0.8", true],
  // axios, and a program that takes either.
  ["application/json, text/plain, */*", false],
  ["text/html, application/json", false],
  ["text/html;q=0.8, application/json;q=0.9", false],
  ["text/html;q=0.9, application/json;q=0.8", true],
  ["text/html;q=0.1", true],
  // The more specific range counts, wherever it is.
  ["*/*, text/html;q=0", false],
  ["text/html;q=0, text/*", false],
  ["application/*;q=0.2, */*;q=0.5", true],
  ["application/json;q=0, */*", true],
  ["image/png", false],
  ["text/html;q=0", false],
  ["text/html;q=2", false],
  ["text/html;q=much", false],
  [", ,;;,text/html,", true],
  ["text/html\u0000", false],
])("%j prefers HTML to JSON: %s", (accept, expected) => {
  expect(prefersHtml(accept)).toBe(expected);
});

test("a long header takes no long time", () => {
  expect(prefersHtml("a/b;q=0.1,".repeat(100_000))).toBe(false);
});
