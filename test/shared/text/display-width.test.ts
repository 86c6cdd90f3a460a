import { expect, test } from "vitest";

import { displayWidth } from "../../../shared/text/display-width.ts";

test.each([
  ["", 0],
  ["vpc-bp1 (prod)", 14],
  ["✔ ✖ …", 5],
  ["é", 1],
  ["e\u0301", 1],
  ["测试环境", 8],
  ["テスト", 6],
  ["한국", 4],
  ["ＡＢ", 4],
  ["ｱ", 1],
  ["，", 2],
  ["🚀", 2],
  ["𠀀", 2],
  ["❤\ufe0f", 2],
  ["a杭b", 4],
])("%j has %i columns", (text, columns) => expect(displayWidth(text)).toBe(columns));
