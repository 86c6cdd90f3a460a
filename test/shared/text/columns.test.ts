import { expect, test } from "vitest";

import { inColumns, longest, type Paint, type Row } from "../../../shared/text/columns.ts";

const red: Paint = (text) => `\u001b[31m${text}\u001b[39m`;

function row(cells: readonly string[], paints: readonly Paint[] = []): Row {
  return { cells, paints };
}

test.each<[string, readonly Row[], string]>([
  ["no rows", [], ""],
  ["one cell", [row(["a"])], "a"],
  ["short before long", [row(["a", "b"]), row(["ccc", "d"])], "a     b\nccc   d"],
  ["long before short", [row(["ccc", "d"]), row(["a", "b"])], "ccc   d\na     b"],
  ["an empty cell", [row(["", "b"]), row(["aa", ""])], "     b\naa   "],
  // Colours have no width.
  [
    "painted cells",
    [row(["a", "b"], [red, red]), row(["ccc", "d"])],
    `${red("a")}     ${red("b")}\nccc   d`,
  ],
])("%s", (_what, rows, expected) => {
  expect(inColumns(rows)).toBe(expected);
});

test.each([
  [[], 0],
  [["a", "abc", "ab"], 3],
])("the longest of %j has %i characters", (texts, length) => expect(longest(texts)).toBe(length));
