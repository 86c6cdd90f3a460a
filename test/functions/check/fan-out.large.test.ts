import { describe, expect, test } from "vitest";

import type { Report } from "../../../shared/audit/report.ts";
import { FUNCTION_FAULTS, type FunctionComputeSeed } from "../../emulator/function-compute.ts";
import { memberIdOf, organizationOf } from "../../emulator/organization.ts";
import type { RegionSeed, World } from "../../emulator/world.ts";
import {
  AUDIT_FUNCTION,
  type FileValues,
  type PartedCloudOptions,
  startPartedCloud,
  withoutTimes,
} from "../../harness/parted-cloud.ts";

const ROLE = "flowlog-guard-audit";
const ORGANIZATION = { organization: { roleName: ROLE, externalId: "the-external-id" } };
const IN_FOUR = { ...ORGANIZATION, fanOut: { parts: 4 } };
/** The members, and the management account. */
const ACCOUNTS = 11;
/** By the order of ids: the management account's is the highest. */
const PARTS = [2, 3, 3, 3];

const REGIONS: Readonly<Record<string, RegionSeed>> = {
  "cn-a": { activated: true, localName: "Region A" },
  "cn-b": {
    activated: false,
    localName: "Region B",
    vpcs: [{ vpcId: "vpc-b", name: "name with \u200b and \n" }, { vpcId: "vpc-c" }],
    flowLogs: [{ flowLogId: "fl-1", resourceType: "VPC", resourceId: "vpc-c" }],
  },
  "cn-c": { activated: true, fault: { kind: "denied" } },
};

function worldOf(more: Partial<World> = {}) {
  return {
    regions: REGIONS,
    ...organizationOf({
      memberCount: ACCOUNTS - 1,
      externalId: "the-external-id",
      refused: (accountId) => (accountId === memberIdOf(4) ? "NoPermission" : null),
    }),
    ...more,
  };
}

function startCloud(options: PartedCloudOptions = {}, more: Partial<World> = {}) {
  return startPartedCloud(worldOf(more), options);
}

function lostIn({ findings }: Report) {
  const lost = findings.filter(({ reason }) => reason.code === "PART_FAILED");
  expect(lost.every(({ status }) => status === "INSUFFICIENT_DATA")).toBe(true);
  return [...new Set(lost.map(({ accountId }) => accountId))];
}

const membersFrom = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_none, index) => memberIdOf(from + index));

describe("the report of several parts is that of one process", () => {
  test.each<[what: string, values: FileValues, parts: readonly number[]]>([
    ["with one rule", {}, PARTS],
    ["in one part", { fanOut: { parts: 1 } }, [ACCOUNTS]],
    ["with all rules", { rules: ["all"] }, PARTS],
    [
      "with exemptions, and other regions and names of single accounts",
      {
        exemptions: [
          {
            region: "cn-b",
            account: memberIdOf(1),
            owner: "net",
            reason: "NET-1",
            expires: "2099-01-01",
          },
          { region: "cn-x", owner: "net", reason: "NET-2", expires: "2099-01-01" },
        ],
        accounts: [
          { id: memberIdOf(2), regions: ["cn-a"], name: "another name" },
          { id: "1234567890123456", name: "security" },
        ],
        settings: { "flow-log-retention": { minDays: 30 } },
      },
      [3, 3, 3, 3],
    ],
  ])("%s", async (_what, values, parts) => {
    await using cloud = await startCloud();
    const expected = await cloud.audit({ ...ORGANIZATION, ...values, fanOut: {} });
    const report = await cloud.audit({ ...IN_FOUR, ...values });
    expect(withoutTimes(report)).toBe(withoutTimes(expected));
    const events = cloud.events();
    expect(events.map(({ part }) => part)).toEqual(
      parts.map((_size, index) =>
        expect.objectContaining({ index, count: parts.length, runId: report.runId }),
      ),
    );
    expect(events.map(({ accounts }) => accounts.length)).toEqual(parts);
    expect(cloud.log).toHaveLength(parts.length);
    for (const entry of cloud.log) {
      expect(entry).toMatchObject({ event: "run", outcome: "done", runId: report.runId });
    }
  });

  test("where hosts of regions do not exist", async () => {
    await using cloud = await startCloud({ hosts: { "cn-b": "no-such-host.invalid" } });
    const expected = withoutTimes(await cloud.audit(ORGANIZATION));
    expect(expected).toContain("DescribeRegions names this region");
    expect(withoutTimes(await cloud.audit(IN_FOUR))).toBe(expected);
  });
});

describe("a part that fails", () => {
  const inPart = (index: number, times: number, fault: PartedCloudOptions["fault"]) => {
    let left = times;
    const seed: FunctionComputeSeed["fault"] = (call) => {
      const { part } = JSON.parse(call.event);
      if (part.index !== index || left === 0) return undefined;
      left -= 1;
      return typeof fault === "function" ? fault(call) : fault;
    };
    return seed;
  };

  test.each<keyof typeof FUNCTION_FAULTS>(["killed", "truncated", "busy"])(
    "once, with %s, is repeated",
    async (fault) => {
      await using cloud = await startCloud({ fault: inPart(2, 1, FUNCTION_FAULTS[fault]) });
      const report = await cloud.audit(IN_FOUR);
      expect(lostIn(report)).toEqual([]);
      expect(cloud.events().map(({ part }) => part.index)).toEqual([0, 1, 2, 3, 2]);
    },
  );

  test.each<[fault: keyof typeof FUNCTION_FAULTS, says: string]>([
    ["killed", "Process exited unexpectedly"],
    ["timedOut", "Function timed out after 60 seconds"],
    ["otherJson", "Its answer was not accepted"],
    ["reset", "cannot be reached"],
    ["gatewayPage", "HTTP 502"],
    ["failed", "HTTP 500, InternalServerError"],
  ])("for good, with %s, leaves its accounts unknown, and no other", async (fault, says) => {
    await using cloud = await startCloud({ fault: inPart(1, 2, FUNCTION_FAULTS[fault]) });
    // A function that may still be running is given time to end.
    const report = await cloud.audit(IN_FOUR, { timeout: 5 });
    expect(lostIn(report)).toEqual(membersFrom(2, 5));
    const [first] = report.findings.filter(({ reason }) => reason.code === "PART_FAILED");
    expect(first).toMatchObject({
      localName: "Region A",
      reason: { message: expect.stringContaining(says) },
      evidence: { attempts: 0, checkedAt: null },
    });
    expect(first?.reason.message).toContain(`Look at the log of the function ${AUDIT_FUNCTION}`);
    expect(report.findings).toHaveLength(ACCOUNTS * 3);
    expect(report.summary.total).toBe(ACCOUNTS * 3);
    expect(report.accounts.map(({ id }) => id)).toEqual([
      ...membersFrom(0, 10),
      "1900000000000001",
    ]);
  });

  test("beside another one that answers rubbish for good", async () => {
    await using cloud = await startCloud({
      fault: (call) => {
        const { part } = JSON.parse(call.event);
        if (part.index === 0) return FUNCTION_FAULTS.killed;
        return part.index === 3 ? FUNCTION_FAULTS.otherJson : undefined;
      },
    });
    const report = await cloud.audit(IN_FOUR);
    expect(lostIn(report)).toEqual([
      ...membersFrom(0, 2),
      ...membersFrom(8, 10),
      "1900000000000001",
    ]);
    expect(cloud.events()).toHaveLength(6);
  });

  test("to answer until the deadline leaves a complete report in time", async () => {
    await using cloud = await startCloud({ fault: inPart(3, 2, "hang") });
    const startedMs = performance.now();
    const report = await cloud.audit(IN_FOUR, { timeout: 4 });
    // The audit has 60 % of the function's time.
    expect(performance.now() - startedMs).toBeLessThan(3_000);
    expect(lostIn(report)).toHaveLength(3);
    expect(report.findings).toHaveLength(ACCOUNTS * 3);
    const tries = cloud.events().filter(({ part }) => part.index === 3);
    expect(tries).toHaveLength(2);
  });
});

test("an answer about another account is not merged", async () => {
  await using cloud = await startCloud({
    falsify: (report) =>
      JSON.parse(JSON.stringify(report).replaceAll(memberIdOf(0), "1499999999999999")),
  });
  const report = await cloud.audit(IN_FOUR);
  expect(lostIn(report)).toEqual(membersFrom(0, 2));
  expect(JSON.stringify(report)).not.toContain("1499999999999999");
  expect(cloud.events()).toHaveLength(5);
});

describe("where the audit function cannot be invoked", () => {
  const CASES: [what: string, options: PartedCloudOptions, audit: object, says: string][] = [
    ["is missing", { functions: {} }, {}, "There is no function flowlog-guard-audit"],
    ["may not be invoked", { fault: FUNCTION_FAULTS.denied }, {}, "Allow fc:InvokeFunction"],
    ["is of a name that is not known", {}, { functionName: "guard" }, "set fanOut.function"],
    ["is of a region that is not known", {}, { region: null }, "is not known"],
  ];

  test.each(CASES)(
    "since it %s, the run fails if parts are asked for",
    async (_what, options, audit, says) => {
      await using cloud = await startCloud(options);
      await expect(cloud.audit(IN_FOUR, audit)).rejects.toMatchObject({
        name: "RemoteError",
        message: expect.stringMatching(/^fanOut\.parts: /),
      });
      await expect(cloud.audit(IN_FOUR, audit)).rejects.toThrow(says);
      expect(cloud.emulator.counts.byAction.get("AssumeRole") ?? 0).toBe(0);
    },
  );

  // A deadline too short for one process is what divides a run that is not asked to be.
  test.each(CASES)(
    "since it %s, one process audits, and warns",
    async (_what, options, audit, says) => {
      await using cloud = await startCloud(options);
      const values = { ...ORGANIZATION, regions: ["cn-*", ...manyRegions()], deadline: "1s" };
      const report = await cloud.audit(values, audit);
      expect(lostIn(report)).toEqual([]);
      expect(report.warnings).toEqual([expect.stringContaining(says)]);
    },
  );
});

/** Ids of regions that need no answer to be counted. */
function manyRegions(): string[] {
  return Array.from({ length: 150 }, (_none, index) => `xx-${index}`);
}

test("another audit function is invoked where it is named", async () => {
  await using cloud = await startCloud({ functions: {} });
  const values = { ...IN_FOUR, fanOut: { parts: 4, function: "other-audit" } };
  await expect(cloud.audit(values, { functionName: "guard" })).rejects.toThrow(
    "There is no function other-audit",
  );
});

test("a function whose configuration has no roles audits nothing", async () => {
  await using cloud = await startCloud({ ofAudit: {} });
  const report = await cloud.audit(IN_FOUR);
  expect(lostIn(report)).toHaveLength(ACCOUNTS);
  expect(report.findings[0]?.reason.message).toContain("has no role to assume");
  expect(cloud.emulator.counts.byAction.get("AssumeRole") ?? 0).toBe(0);
});

test("all parts together keep to the rate of STS, also those that are repeated", async () => {
  const times: number[] = [];
  let rubbish = 0;
  await using cloud = await startPartedCloud(
    {
      regions: { "cn-a": { activated: true } },
      ...organizationOf({ memberCount: 160 }),
      onRequest: ({ action }) => {
        if (action === "AssumeRole") times.push(performance.now());
      },
    },
    { falsify: (report) => (rubbish++ === 0 ? "rubbish" : report) },
  );
  const report = await cloud.audit({ organization: { roleName: ROLE }, fanOut: { parts: 4 } });
  expect(report.summary).toMatchObject({ total: 161, compliant: 161 });
  // A busy machine may answer a few too late.
  expect(times.length).toBeGreaterThanOrEqual(161 + 40);
  expect(times.length).toBeLessThan(161 + 40 + 10);
  // Each part has 20 calls a second, and the repeated one begins a second after its first try.
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  expect(last - first).toBeGreaterThan(1_800 + 1_000 + 1_800);
});
