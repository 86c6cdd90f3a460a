import { array, assert, integer, property } from "fast-check";
import { expect, test } from "vitest";

import { fillParts, type Filling } from "../../../shared/notify/message/fill-parts.ts";

/** A part has 100; the last one needs 10 of that for its end, and 5 more for the rest that is left out. */
function sizeOf({ items, leftOver, last }: Filling<number>): number {
  const sum = items.reduce((total, item) => total + item, 0);
  return sum + (last ? 10 : 0) + (leftOver.length > 0 ? 5 : 0);
}

const fits = (filling: Filling<number>): boolean => sizeOf(filling) <= 100;
const filled = (items: readonly number[]) => fillParts(items, fits).map((part) => part.items);

test.each([
  [[], [[]]],
  [[50, 40], [[50, 40]]],
  [
    [50, 41],
    [[50, 41], []],
  ],
  [
    [60, 60, 60],
    [[60], [60], [60]],
  ],
  [[200], [[200]]],
  [
    [1, 200, 1],
    [[1], [200], [1]],
  ],
])("%j → %j", (items, parts) => {
  expect(filled(items)).toEqual(parts);
});

test("the last of five has what is left out", () => {
  const parts = fillParts(
    Array.from({ length: 20 }, () => 45),
    fits,
  );
  expect(parts.map(({ items }) => items.length)).toEqual([2, 2, 2, 2, 1]);
  expect(parts.map(({ leftOver }) => leftOver.length)).toEqual([0, 0, 0, 0, 11]);
  expect(parts.map(({ number, of, last }) => [number, of, last])).toEqual([
    [1, 5, false],
    [2, 5, false],
    [3, 5, false],
    [4, 5, false],
    [5, 5, true],
  ]);
});

test("nothing is lost, doubled or out of order, and each part is as full as it can be", () => {
  assert(
    property(array(integer({ min: 1, max: 60 }), { maxLength: 60 }), (items) => {
      const parts = fillParts(items, fits);
      expect(parts.flatMap((part) => [...part.items, ...part.leftOver])).toEqual(items);
      expect(parts.length).toBeLessThanOrEqual(5);
      expect(parts.every(fits)).toBe(true);
      const withNext = parts.flatMap((part, index) => {
        const [next] = parts[index + 1]?.items ?? [];
        return next === undefined ? [] : [{ ...part, items: [...part.items, next] }];
      });
      expect(withNext.some(fits)).toBe(false);
    }),
  );
});
