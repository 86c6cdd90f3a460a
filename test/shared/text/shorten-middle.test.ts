import * as fc from "fast-check";
import { expect, test } from "vitest";

import { displayWidth } from "../../../shared/text/display-width.ts";
import { shortenMiddle } from "../../../shared/text/shorten-middle.ts";

test.each([
  ["vpc-bp1qpo0kug3a20qqe9mkt", 25, "vpc-bp1qpo0kug3a20qqe9mkt"],
  ["vpc-bp1qpo0kug3a20qqe9mkt", 24, "vpc-bp1qpo0…g3a20qqe9mkt"],
  ["vpc-bp1qpo0kug3a20qqe9mkt", 13, "vpc-bp…qe9mkt"],
  ["vpc-bp1qpo0kug3a20qqe9mkt", 2, "…t"],
  ["vpc-bp1qpo0kug3a20qqe9mkt", 1, "…"],
  ["杭州上海北京", 12, "杭州上海北京"],
  ["杭州上海北京", 11, "杭州…北京"],
  ["杭州上海北京", 4, "…京"],
  ["🚀🚀🚀", 5, "🚀…🚀"],
])("%j in %i columns is %j", (text, columns, expected) =>
  expect(shortenMiddle(text, columns)).toBe(expected),
);

test.each([
  ["vpc-bp1qpo0kug3a20qqe9mkt", 13, "vpc-b...e9mkt"],
  ["vpc-bp1qpo0kug3a20qqe9mkt", 3, "..."],
  ["杭州上海北京", 9, "杭...京"],
])("with an ellipsis of ASCII, %j in %i columns is %j", (text, columns, expected) =>
  expect(shortenMiddle(text, columns, "...")).toBe(expected),
);

test("the result fits, and begins and ends as the text does", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme" }),
      fc.integer({ min: 1, max: 30 }),
      (text, columns) => {
        const short = shortenMiddle(text, columns);
        if (short === text) return;
        expect(displayWidth(short)).toBeLessThanOrEqual(columns);
        const at = short.lastIndexOf("…");
        expect(text.startsWith(short.slice(0, at))).toBe(true);
        expect(text.endsWith(short.slice(at + 1))).toBe(true);
      },
    ),
  );
});
