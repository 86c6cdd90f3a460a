import { expect, test } from "vitest";

import { groupBy } from "../../../shared/audit/group-by.ts";

test.each<[readonly string[], readonly [string, readonly string[]][]]>([
  [[], []],
  [["b1"], [["b", ["b1"]]]],
  [
    ["b1", "a1", "b2", "a2"],
    [
      ["b", ["b1", "b2"]],
      ["a", ["a1", "a2"]],
    ],
  ],
])("%j in the order in which the keys first come", (items, groups) => {
  expect([...groupBy(items, (item) => item.slice(0, 1))]).toEqual(groups);
});
