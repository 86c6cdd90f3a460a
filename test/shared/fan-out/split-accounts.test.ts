import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { splitAccounts } from "../../../shared/fan-out/split-accounts.ts";
import { RULE_IDS } from "../../../shared/rules/rule-ids.ts";
import type { Rule } from "../../../shared/rules/rule.ts";
import { loadRules } from "../../../shared/rules/rules.ts";
import { scopedAccounts } from "../../harness/scoped-accounts.ts";

const REGIONS = Array.from({ length: 30 }, (_none, index) => `cn-r${index}`);
const [activation] = await loadRules(RULE_IDS);
const ALL = await loadRules(RULE_IDS);
const ONE = activation === undefined ? [] : [activation];

function sizesOf(
  count: number,
  asked: number | null,
  cards: readonly Rule[] = ONE,
  regions = REGIONS,
) {
  const { parts, warning } = splitAccounts(scopedAccounts(count, regions), cards, asked);
  return { sizes: parts.map(({ length }) => length), warned: warning !== null };
}

describe("accounts are divided", () => {
  test.each<[what: string, count: number, asked: number | null, sizes: number[], warned: boolean]>([
    ["into one part where that is enough", 1_000, null, [1_000], false],
    ["into two where one more is there", 1_001, null, [500, 501], false],
    ["as asked, equally", 10, 4, [2, 3, 2, 3], false],
    ["into one where that is asked", 10, 1, [10], false],
    ["into as many as there are accounts at most", 3, 8, [1, 1, 1], true],
    ["into more than were asked, where these could not answer", 2_001, 2, [667, 667, 667], true],
  ])("%s", (_what, count, asked, sizes, warned) => {
    expect(sizesOf(count, asked)).toEqual({ sizes, warned });
  });

  test("into smaller parts where there are more findings", () => {
    const most = (cards: readonly Rule[], regions: string[]): number =>
      Math.max(...sizesOf(1_000, null, cards, regions).sizes);
    const [one = ""] = REGIONS;
    expect(most(ONE, REGIONS)).toBe(1_000);
    expect(most(ONE, [...REGIONS, "cn-r30"])).toBe(500);
    expect(most(ALL, [one])).toBe(1_000);
    expect(most(ALL, REGIONS)).toBe(100);
  });

  test("into 64 parts at most, whatever they are expected to answer", () => {
    const { sizes } = sizesOf(10_000, null, ALL);
    expect(sizes).toHaveLength(64);
  });

  test("so that each is in one part, in order", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3_000 }),
        fc.option(fc.integer({ min: 1, max: 64 })),
        (count, asked) => {
          const accounts = scopedAccounts(count, ["cn-a"]);
          const { parts } = splitAccounts(accounts, ONE, asked);
          expect(parts.flat()).toEqual(accounts);
          const sizes = parts.map(({ length }) => length);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
          expect(Math.min(...sizes)).toBeGreaterThan(0);
        },
      ),
      { numRuns: 50 },
    );
  });
});
