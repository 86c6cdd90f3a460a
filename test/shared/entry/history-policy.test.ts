import { expect, test } from "vitest";

import { historyPolicy } from "../../../shared/entry/history-policy.ts";

const FOLDER = { kind: "file", path: "./kept/" } as const;

test("ActionTrail is asked only where that is configured, for evidence in a folder too", () => {
  expect(historyPolicy({ evidence: FOLDER, actiontrail: true }, "12").Statement).toEqual([
    {
      Effect: "Allow",
      Action: "actiontrail:LookupEvents",
      Resource: "acs:actiontrail:*:12:*",
    },
  ]);
  const evidence = { kind: "oss", bucket: "kept", prefix: "", regionId: null } as const;
  const actions = historyPolicy({ evidence, actiontrail: true }, "*").Statement.map(
    ({ Action }) => Action,
  );
  expect(actions).toEqual([
    "oss:ListObjects",
    "oss:GetObject",
    "oss:GetBucketWorm",
    "actiontrail:LookupEvents",
  ]);
});
