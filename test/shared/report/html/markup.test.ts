import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { type Content, element } from "../../../../shared/report/html/element.ts";
import { embedJson, extractJson } from "../../../../shared/report/html/embed-json.ts";
import { printedMargins } from "../../../../shared/report/html/printed-margins.ts";
import { shownText } from "../../../../shared/report/html/shown-text.ts";
import { toMarkup } from "../../../../shared/report/html/to-markup.ts";
import { canonicalJson } from "../../../../shared/text/canonical-json.ts";

describe("markup", () => {
  test.each<[string, Content, string]>([
    ["text", `<b>"&'</b>`, "&lt;b&gt;&quot;&amp;'&lt;/b&gt;"],
    ["nothing", null, ""],
    ["a list", ["a", ["b", null], "c"], "abc"],
    [
      "two languages",
      { en: "<yes>", zh: "是" },
      '<span lang="en">&lt;yes&gt;</span><span lang="zh">是</span>',
    ],
    ["a text that is the same in both", { en: "CIS", zh: "CIS" }, "CIS"],
    [
      "attributes",
      element("a", { title: `"><script>`, hidden: true, id: null, open: false }, "x"),
      '<a title="&quot;&gt;&lt;script&gt;" hidden>x</a>',
    ],
    ["an element without an end tag", element("input", { type: "radio" }), '<input type="radio">'],
    ["a lone surrogate", "a\ud800b", "a\ufffdb"],
  ])("of %s", (_what, content, markup) => {
    expect(toMarkup(content)).toBe(markup);
  });
});

describe("JSON in a page", () => {
  test.each([
    '{"a":"</script><script>alert(1)</script><!--"}',
    String.raw`{"a":"\\u003c","b":"\\\\u003c<","c":"\\<"}`,
    '{"__proto__":{"a":1}}',
  ])("is the same JSON without <, and gives back every byte: %s", (json) => {
    const embedded = embedJson(json);
    expect(embedded).not.toContain("<");
    expect(canonicalJson(JSON.parse(embedded))).toBe(canonicalJson(JSON.parse(json)));
    expect(extractJson(`\n${embedded}\n`)).toBe(json);
  });

  test("gives back any canonical JSON", () => {
    const nasty = fc.string({
      unit: fc.constantFrom("<", "\\", "u003c", "!--", "/", "x", "\u2028"),
    });
    fc.assert(
      fc.property(fc.dictionary(nasty, nasty), (value) => {
        const json = canonicalJson(value);
        expect(extractJson(embedJson(json))).toBe(json);
      }),
    );
  });
});

test.each([
  ["prod", "prod"],
  ["a\u202Etxt.exe", "a[U+202E]txt.exe"],
  [" line\nbreak\u0000\u001b[2J ", "line break[U+0000][U+001B][2J"],
  ["\ud83d\ude00 \ud83d", "\ud83d\ude00 [U+D83D]"],
])("a name %j is shown as %j", (name, shown) => {
  expect(shownText(name)).toBe(shown);
});

test("the margins of printed pages escape all but letters, digits and spaces", () => {
  expect(printedMargins({ top: `"}</style>`, bottom: "账 1" })).toBe(
    String.raw`@page{@top-left{content:"\22 \7d \3c \2f style\3e "}@bottom-left{content:"\8d26  1"}}`,
  );
});
