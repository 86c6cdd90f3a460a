import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import {
  describeNotChanged,
  describeOutcome,
  describeOutcomes,
  describePlan,
} from "../../../shared/enable/describe-plan.ts";
import { type EntryOutcome, OUTCOMES, type PlanEntry } from "../../../shared/enable/plan.ts";

const ACTIVATION: PlanEntry = {
  accountId: "1",
  regionId: "cn-a",
  action: "activate-flow-log-service",
  cost: "free",
  reversible: false,
  termsUrl: "https://example.com/terms",
};
const CREATION: PlanEntry = {
  accountId: "1",
  regionId: "cn-a",
  action: "create-flow-log",
  resource: { type: "ACS::VPC::VPC", id: "vpc-1", name: "line\nend" },
  projectName: "flow-logs",
  logStoreName: "vpc",
  cost: "by-volume",
  reversible: true,
};
const REASON = { code: "TIMEOUT", message: "It took too long." };

test.each<[EntryOutcome, string]>([
  [{ ...ACTIVATION, outcome: "done", reason: null }, "cn-a: flow log service activated"],
  [
    { ...ACTIVATION, outcome: "already", reason: null },
    "cn-a: flow log service was activated already",
  ],
  [
    { ...ACTIVATION, outcome: "pending", reason: REASON },
    "cn-a: activation accepted, not confirmed yet: TIMEOUT: It took too long.",
  ],
  [
    { ...ACTIVATION, outcome: "failed", reason: REASON },
    "cn-a: flow log service not activated: TIMEOUT: It took too long.",
  ],
  [
    { ...CREATION, outcome: "done", reason: null, flowLogId: "fl-1" },
    "cn-a vpc-1 (line end): flow log fl-1 created",
  ],
  [
    { ...CREATION, outcome: "pending", reason: REASON, flowLogId: "fl-1" },
    "cn-a vpc-1 (line end): flow log fl-1 created, not known to be active yet: TIMEOUT: It took too long.",
  ],
  [
    { ...CREATION, outcome: "skipped", reason: REASON },
    "cn-a vpc-1 (line end): flow log not created: TIMEOUT: It took too long.",
  ],
])("an outcome is one line: $outcome", (entry, line) => {
  expect(describeOutcome(entry)).toBe(line);
});

test("outcomes are counted", () => {
  const done: EntryOutcome = { ...ACTIVATION, outcome: "done", reason: null };
  const failed: EntryOutcome = { ...CREATION, outcome: "failed", reason: REASON };
  expect(describeOutcomes([done, failed, done])).toBe("2 done, 1 failed");
  expect(describeOutcomes([])).toBe("nothing to change");
});

test("a plan says what is changed, what it costs, and that activation cannot be undone", () => {
  const lines = describePlan({ accountId: "1", entries: [ACTIVATION, CREATION], notChanged: [] });
  expect(lines).toEqual([
    "account 1: 2 changes planned",
    "  cn-a: activate the flow log service",
    "  cn-a vpc-1 (line end): create a flow log of all traffic to flow-logs/vpc",
    expect.stringMatching(/free of charge, cannot be undone.*terms.*https:\/\/example\.com\/terms/),
    expect.stringContaining("0.37 USD per GB"),
  ]);
  expect(describePlan({ accountId: "1", entries: [], notChanged: [] })).toEqual([
    "account 1: nothing to change",
  ]);
});

describe("docs/enable.md", () => {
  const guide = readFileSync(new URL("../../../docs/enable.md", import.meta.url), "utf8");

  test("has a row for every outcome, and names every field of the plan", () => {
    for (const outcome of OUTCOMES) expect(guide).toContain(`| \`${outcome}\` | `);
    const fields = [...Object.keys(ACTIVATION), ...Object.keys(CREATION), "localName", "flowLogId"];
    const [, table = ""] = /^\| field of an entry of `plan` .*?\n(.*?)\n\n/ms.exec(guide) ?? [];
    for (const field of fields) expect(table).toContain(`\`${field}\``);
  });
});

test("what is not changed has a line for each command that its reason does not name", () => {
  const item = { accountId: "1", regionId: "cn-a", unreadable: false };
  const reason = { code: "FLOW_LOG_INACTIVE", message: "Start it: aliyun a" };
  expect(describeNotChanged([{ ...item, reason, commands: ["aliyun a", "aliyun b"] }])).toEqual([
    "cn-a: not changed: FLOW_LOG_INACTIVE: Start it: aliyun a",
    "  aliyun b",
  ]);
});
