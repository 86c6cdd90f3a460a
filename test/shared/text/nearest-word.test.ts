import { expect, test } from "vitest";

import { nearestWord } from "../../../shared/text/nearest-word.ts";

const WORDS = ["all", "vpc-flow-log-active", "flow-log-retention"];

test.each([
  ["vpc-flow-log-active", "vpc-flow-log-active"],
  ["VPC-Flow-Log-Active", "vpc-flow-log-active"],
  ["vpc-flowlog-active", "vpc-flow-log-active"],
  ["flow-log-active", "vpc-flow-log-active"],
  ["log-retention", "flow-log-retention"],
  ["al", "all"],
  ["", null],
  ["any", null],
  ["retention", null],
  ["vpc-flow-log", null],
  ["x".repeat(100_000), null],
])("%.30j → %j", (text, word) => expect(nearestWord(text, WORDS)).toBe(word));

test("nothing is near where there are no words", () => expect(nearestWord("all", [])).toBeNull());
