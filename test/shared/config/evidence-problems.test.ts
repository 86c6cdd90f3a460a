import { expect, test } from "vitest";

import {
  problemsOfEvidence,
  warningsOfEvidence,
} from "../../../shared/config/evidence-problems.ts";
import type { StorageAddress } from "../../../shared/storage/storage-address.ts";

const NONE: StorageAddress = { kind: "none" };
const FILE: StorageAddress = { kind: "file", path: "/data/" };
const oss = (bucket: string): StorageAddress => ({
  kind: "oss",
  bucket,
  prefix: "guard/",
  regionId: null,
});

test.each<[string, StorageAddress, StorageAddress, "function" | "machine"]>([
  ["no evidence", NONE, NONE, "function"],
  ["a folder on a machine", NONE, FILE, "machine"],
  ["a bucket, the state in a file", FILE, oss("kept"), "machine"],
  ["two buckets", oss("state"), oss("kept"), "function"],
])("%s is no problem", (_name, state, evidence, place) => {
  expect(problemsOfEvidence({ state, evidence }, place)).toEqual([]);
});

test.each<[string, StorageAddress, StorageAddress, "function" | "machine", string]>([
  ["a folder in a function", oss("state"), FILE, "function", "are lost with its instance"],
  ["a bucket without a state", NONE, oss("kept"), "machine", "there is no state to remember"],
  ["a bucket without a state", NONE, oss("kept"), "function", "there is no state to remember"],
])("%s is a problem", (_name, state, evidence, place, says) => {
  const problems = problemsOfEvidence({ state, evidence }, place);
  expect(problems).toEqual([expect.stringContaining(says)]);
  expect(problems[0]).toMatch(/^evidence \(FLOWLOG_GUARD_EVIDENCE\): /);
});

test("warns where one bucket holds the state and the evidence", () => {
  expect(warningsOfEvidence({ state: oss("one"), evidence: oss("one") })).toEqual([
    expect.stringContaining(
      "is in the bucket of the state, one, which therefore can never be locked",
    ),
  ]);
  expect(warningsOfEvidence({ state: oss("one"), evidence: oss("two") })).toEqual([]);
  expect(warningsOfEvidence({ state: NONE, evidence: FILE })).toEqual([]);
});
