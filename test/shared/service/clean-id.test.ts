import { expect, test } from "vitest";

import { cleanId } from "../../../shared/service/service-code.ts";

test.each<[unknown, boolean]>([
  ["7A1C3F40-0000-4000-8000-000000000001", true],
  ["InvalidAccessKeyId.NotFound", true],
  ["acs:ram_1", true],
  ["x".repeat(64), true],
  ["x".repeat(65), false],
  ["", false],
  // The SDK's value for a missing one.
  ["undefined", false],
  ["two words", false],
  ["a\n", false],
  ["\u001b[2J", false],
  [7, false],
  [null, false],
  [undefined, false],
])("%j is an id or a code: %s", (id, isOne) => expect(cleanId(id)).toBe(isOne ? id : null));
