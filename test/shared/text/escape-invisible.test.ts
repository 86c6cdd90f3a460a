import * as fc from "fast-check";
import { expect, test } from "vitest";

import { escapeInvisible } from "../../../shared/text/escape-invisible.ts";

test("keeps the value, and leaves nothing invisible", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (value) => {
      const escaped = escapeInvisible(JSON.stringify(value));
      expect(JSON.parse(escaped)).toEqual(value);
      expect(escaped).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
    }),
  );
});

test("escapes both halves of a character outside the basic plane", () => {
  expect(escapeInvisible('"\u{e0001}名"')).toBe('"\\udb40\\udc01名"');
});
