import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { editDistance } from "../../../shared/text/edit-distance.ts";

describe("editDistance", () => {
  test.each([
    ["", "", 0],
    ["", "abc", 3],
    ["abc", "", 3],
    ["region", "region", 0],
    ["region", "regions", 1],
    ["regions", "region", 1],
    ["region", "legion", 1],
    ["region", "reigon", 1],
    ["ab", "ba", 1],
    // A swapped pair is not edited again: the unrestricted distance is 2.
    ["ca", "abc", 3],
    ["timeout", "timuot", 2],
    ["kitten", "sitting", 3],
    ["aba", "bab", 2],
  ])("from %j to %j: %i", (a, b, edits) => {
    expect(editDistance(a, b)).toBe(edits);
  });

  test("is symmetric, at least the difference and at most the maximum of the lengths", () => {
    const text = fc.stringMatching(/^[abc]{0,8}$/);
    fc.assert(
      fc.property(text, text, (a, b) => {
        const edits = editDistance(a, b);
        expect(edits).toBe(editDistance(b, a));
        expect(edits).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
        expect(edits).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(edits === 0).toBe(a === b);
      }),
    );
  });
});
