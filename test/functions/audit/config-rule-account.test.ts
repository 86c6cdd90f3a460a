import { describe, expect, test } from "vitest";

import { startEmulator } from "../../emulator/emulator.ts";
import { memberIdOf, organizationOf } from "../../emulator/organization.ts";
import type { RegionSeed, World } from "../../emulator/world.ts";
import { answerConfigEvent } from "../../harness/answer-config-event.ts";
import { type ConfigEventOverrides, ORDERING_TIMESTAMP } from "../../harness/config-event.ts";

const ACCOUNT = "1234567890123456";
const COMPLIANT: RegionSeed = { activated: true };
const NON_COMPLIANT: RegionSeed = { activated: false };
const UNREADABLE: RegionSeed = { activated: true, fault: { kind: "denied" } };
/** What is configured and sent, and what is exempt, of a region. */
const EXEMPTION = {
  region: "cn-b",
  owner: "net-team",
  reason: "NET-42",
  expires: "2099-03-31",
};

function startCloud(
  regions: Readonly<Record<string, RegionSeed>>,
  world: Partial<World> = {},
): ReturnType<typeof startEmulator> {
  return startEmulator({ regions, ...world });
}

describe("the result of an account is the worst status of its regions", () => {
  test.each<[Readonly<Record<string, RegionSeed>>, string]>([
    [{ "cn-a": COMPLIANT }, "COMPLIANT: Compliant: 1 region."],
    [{ "cn-a": NON_COMPLIANT, "cn-b": NON_COMPLIANT }, "NON_COMPLIANT: Not compliant: cn-a, cn-b."],
    [
      { "cn-a": COMPLIANT, "cn-b": NON_COMPLIANT },
      "NON_COMPLIANT: Not compliant: cn-b. Compliant: 1 region.",
    ],
  ])("%j", async (regions, expected) => {
    await using emulator = await startCloud(regions);
    expect((await answerConfigEvent(emulator)).error).toBeNull();
    const [{ complianceType, annotation } = { complianceType: "", annotation: "" }] =
      emulator.compliance.calls[0]?.evaluations ?? [];
    expect(`${complianceType}: ${annotation.replace("flow-log-service-activated. ", "")}`).toBe(
      expected,
    );
  });

  test("where one is exempt, with who answers for it and its last day", async () => {
    await using emulator = await startCloud({ "cn-a": COMPLIANT, "cn-b": NON_COMPLIANT });
    await answerConfigEvent(emulator, {}, { file: { exemptions: [EXEMPTION] } });
    expect(emulator.compliance.calls[0]?.evaluations).toMatchObject([
      {
        complianceType: "COMPLIANT",
        annotation:
          "flow-log-service-activated. Exempt: cn-b (net-team, until 2099-03-31). Compliant: 1 region.",
      },
    ]);
  });

  test("and NOT_APPLICABLE where all are exempt", async () => {
    await using emulator = await startCloud({ "cn-b": NON_COMPLIANT });
    await answerConfigEvent(emulator, {}, { file: { exemptions: [EXEMPTION] } });
    expect(emulator.compliance.statuses).toEqual({ [ACCOUNT]: "NOT_APPLICABLE" });
  });
});

describe("where a region could not be read", () => {
  test("what is known not to be compliant is sent, and the invocation throws", async () => {
    await using emulator = await startCloud({ "cn-a": NON_COMPLIANT, "cn-b": UNREADABLE });
    const { error, log } = await answerConfigEvent(emulator);
    expect(emulator.compliance.calls).toEqual([
      {
        deleteMode: false,
        evaluations: [
          expect.objectContaining({
            complianceType: "NON_COMPLIANT",
            annotation: "flow-log-service-activated. Not compliant: cn-a. Could not be read: cn-b.",
          }),
        ],
      },
    ]);
    expect(error?.message).toMatch(
      /^Only 1 result was sent to Cloud Config, because this could not be read: cn-b\. ACCESS_DENIED/,
    );
    expect(log).toMatchObject([{ outcome: "failed", configRule: { sent: 1 } }]);
  });

  test("earlier results stay as they are: nothing is deleted", async () => {
    const faulty = { denied: false };
    await using emulator = await startCloud(
      { "cn-a": COMPLIANT, "cn-b": NON_COMPLIANT },
      {
        faultOf: ({ regionId }) =>
          faulty.denied && regionId === "cn-b" ? { kind: "denied" } : undefined,
      },
    );
    const event = { parameters: { evaluateRegions: "true" } };
    await answerConfigEvent(emulator, event);
    const before = emulator.compliance.statuses;
    expect(before).toEqual({
      [ACCOUNT]: "NON_COMPLIANT",
      [`${ACCOUNT}/cn-a`]: "COMPLIANT",
      [`${ACCOUNT}/cn-b`]: "NON_COMPLIANT",
    });
    faulty.denied = true;
    const later = { ...event, event: { orderingTimestamp: ORDERING_TIMESTAMP + 1 } };
    expect((await answerConfigEvent(emulator, later)).error?.name).toBe("EvaluationError");
    expect(emulator.compliance.statuses).toEqual(before);
    // Only the region that could be read is renewed.
    expect(emulator.compliance.calls.at(-1)).toMatchObject({
      deleteMode: false,
      evaluations: [{ complianceResourceId: `${ACCOUNT}/cn-a`, complianceType: "COMPLIANT" }],
    });
  });

  test("of any kind, nothing is sent at all", async () => {
    await using emulator = await startCloud({ "cn-a": UNREADABLE, "cn-b": UNREADABLE });
    const { error } = await answerConfigEvent(emulator);
    expect(emulator.counts.byAction.has("PutEvaluations")).toBe(false);
    expect(error?.message).toContain("Nothing was sent to Cloud Config");
    expect(error?.message).toContain("cn-a, cn-b");
  });
});

describe("a complete run deletes what it does not renew", () => {
  const parameters = { evaluateRegions: "true" };

  test.each<[string, boolean]>([
    ["ScheduledNotification", true],
    ["Manual", true],
    ["ConfigurationItemChangeNotification", false],
  ])("for a %s: %s", async (messageType, deleteMode) => {
    await using emulator = await startCloud({ "cn-a": COMPLIANT });
    await answerConfigEvent(emulator, { messageType });
    expect(emulator.compliance.calls).toMatchObject([{ deleteMode }]);
  });

  test("such as the regions of an earlier run", async () => {
    await using emulator = await startCloud({ "cn-a": COMPLIANT });
    await answerConfigEvent(emulator, { parameters });
    expect(Object.keys(emulator.compliance.statuses)).toHaveLength(2);
    await answerConfigEvent(emulator);
    expect(Object.keys(emulator.compliance.statuses)).toEqual([ACCOUNT]);
  });

  test("but not where other accounts are configured, whose results come in other events", async () => {
    await using emulator = await startCloud({ "cn-a": COMPLIANT });
    await answerConfigEvent(emulator, {}, { file: { accounts: [{ id: ACCOUNT }] } });
    expect(emulator.compliance.calls).toMatchObject([{ deleteMode: false }]);
  });

  test("but not where several calls are needed, each of which would delete the others' results", async () => {
    const regions = Object.fromEntries(
      Array.from({ length: 120 }, (_, index) => [`cn-r${index}`, COMPLIANT]),
    );
    await using emulator = await startCloud(regions);
    const { error } = await answerConfigEvent(emulator, { parameters });
    expect(error).toBeNull();
    const { calls } = emulator.compliance;
    expect(calls.map(({ evaluations, ...how }) => ({ count: evaluations.length, ...how }))).toEqual(
      [
        { count: 100, deleteMode: false },
        { count: 21, deleteMode: false },
      ],
    );
    expect(Object.keys(emulator.compliance.statuses)).toHaveLength(121);
  });
});

describe("the parameters of the rule", () => {
  test("choose regions as an event by hand does", async () => {
    await using emulator = await startCloud({ "cn-a": COMPLIANT, "cn-b": NON_COMPLIANT });
    await answerConfigEvent(emulator, { parameters: { regions: "cn-*,!cn-b" } });
    expect(emulator.compliance.statuses).toEqual({ [ACCOUNT]: "COMPLIANT" });
  });

  test("choose the rule, whose resources are counted by region", async () => {
    await using emulator = await startCloud({
      "cn-a": { activated: true, vpcs: [{ vpcId: "vpc-1" }, { vpcId: "vpc-2" }] },
    });
    const parameters = { rule: "vpc-flow-log-active", evaluateRegions: "true" };
    await answerConfigEvent(emulator, { parameters });
    expect(emulator.compliance.calls[0]?.evaluations).toMatchObject([
      { annotation: "vpc-flow-log-active. Not compliant: cn-a (2)." },
      {
        complianceResourceId: `${ACCOUNT}/cn-a`,
        complianceRegionId: "cn-a",
        annotation: "vpc-flow-log-active. Not compliant: vpc-1, vpc-2.",
      },
    ]);
  });

  test.each<[Readonly<Record<string, unknown>>, string]>([
    [{ rule: "vpc-flow-logs" }, "event.ruleParameters.rule: must be one of flow-log-service-"],
    [{ rule: "all" }, "event.ruleParameters.rule: must be one of "],
    [{ rule: ["vpc-flow-log-active"] }, "event.ruleParameters.rule: must be one of "],
    [{ region: "cn-a" }, "event.ruleParameters.region: is not known: those known are rule, "],
    [{ regions: "CN-A" }, "event.ruleParameters.regions[0]: "],
    [{ regions: "" }, "event.ruleParameters.regions: is empty"],
    [{ evaluateRegions: true }, 'event.ruleParameters.evaluateRegions: must be "true" or "false"'],
    [JSON.parse('{"__proto__":"x"}'), "event.ruleParameters."],
  ])("%j are refused before anything is asked", async (parameters, message) => {
    await using emulator = await startCloud({ "cn-a": COMPLIANT });
    const { error, log } = await answerConfigEvent(emulator, { parameters });
    expect(error?.name).toBe("ConfigError");
    expect(error?.message).toContain(message);
    expect(emulator.requests).toEqual([]);
    expect(log).toMatchObject([{ level: "error", outcome: "failed" }]);
  });
});

describe("of which account the event is", () => {
  const ofMember: ConfigEventOverrides = { accountId: Number(memberIdOf(1)) };
  const organization = { organization: { roleName: "flowlog-guard-audit" } };
  const world = organizationOf({ memberCount: 3, managementAccountId: ACCOUNT });

  test("decides which is audited: a member of the organization, with its role", async () => {
    await using emulator = await startCloud(
      { "cn-a": NON_COMPLIANT },
      { ...world, accounts: { [memberIdOf(1)]: { regions: { "cn-a": COMPLIANT } } } },
    );
    const { error } = await answerConfigEvent(emulator, ofMember, { file: organization });
    expect(error).toBeNull();
    expect(emulator.compliance.calls).toMatchObject([
      {
        deleteMode: false,
        evaluations: [{ accountId: Number(memberIdOf(1)), complianceType: "COMPLIANT" }],
      },
    ]);
    // Cloud Config is told with the function's own role.
    const sent = emulator.requests.find(({ action }) => action === "PutEvaluations");
    expect(sent?.accessKeyId).toBe(emulator.world.keys[0]?.accessKeyId);
    const asked = emulator.requests.find(({ action }) => action === "GetFlowLogServiceStatus");
    expect(asked?.accessKeyId).not.toBe(sent?.accessKeyId);
  });

  test("is an error where its role is refused", async () => {
    await using emulator = await startCloud(
      { "cn-a": COMPLIANT },
      organizationOf({
        memberCount: 3,
        managementAccountId: ACCOUNT,
        refused: () => "NoPermission",
      }),
    );
    const { error } = await answerConfigEvent(emulator, ofMember, { file: organization });
    expect(error?.message).toContain("cn-a. ROLE_REFUSED: ");
    expect(emulator.compliance.calls).toEqual([]);
  });

  test("is an error where the event names two", async () => {
    await using emulator = await startCloud({ "cn-a": COMPLIANT }, world);
    const item = {
      accountId: Number(ACCOUNT),
      resourceId: memberIdOf(1),
      resourceType: "ACS::::Account",
    };
    const { error } = await answerConfigEvent(emulator, { item }, { file: organization });
    expect(error?.message).toContain("names two accounts");
    expect(emulator.requests).toEqual([]);
  });

  test("is an error where it is not one of the configured accounts", async () => {
    await using emulator = await startCloud({ "cn-a": COMPLIANT }, world);
    const event = { accountId: 1_999_999_999_999_999 };
    const { error } = await answerConfigEvent(emulator, event, { file: organization });
    expect(error?.name).toBe("ScopeError");
    expect(emulator.compliance.calls).toEqual([]);
  });

  test("is an error where the function audits its own account alone", async () => {
    await using emulator = await startCloud({ "cn-a": COMPLIANT }, world);
    const { error } = await answerConfigEvent(emulator, ofMember);
    expect(error?.name).toBe("ConfigError");
    expect(error?.message).toBe(
      `event: is about the account ${memberIdOf(1)}, and this function audits only its own account, ${ACCOUNT}. For a rule of an account group, configure organization or accounts.`,
    );
    expect(emulator.requests).toEqual([]);
  });

  test("is asked of STS where the runtime does not say whose the function is", async () => {
    await using emulator = await startCloud({ "cn-a": COMPLIANT });
    const context = { accountId: "" };
    expect((await answerConfigEvent(emulator, {}, { context })).error).toBeNull();
    const { error } = await answerConfigEvent(emulator, ofMember, { context });
    expect(error?.message).toMatch(/^The event is about the account 15.*, so nothing was sent/);
    expect(emulator.compliance.calls).toHaveLength(1);
  });

  test("is an error where nobody knows whose the function is", async () => {
    await using emulator = await startCloud(
      { "cn-a": COMPLIANT },
      { faults: { GetCallerIdentity: { kind: "denied" } } },
    );
    const { error } = await answerConfigEvent(emulator, {}, { context: { accountId: "" } });
    expect(error?.message).toContain("the account that was audited is unknown");
    expect(emulator.compliance.calls).toEqual([]);
  });
});

test("an event without a resource is about the account", async () => {
  await using emulator = await startCloud({ "cn-a": COMPLIANT });
  for (const item of [null, {}, { resourceId: "", resourceType: null }]) {
    await answerConfigEvent(emulator, { item, configurationType: "NONE" });
    expect(emulator.compliance.calls.at(-1)?.evaluations).toMatchObject([
      {
        complianceResourceId: ACCOUNT,
        complianceResourceName: ACCOUNT,
        complianceResourceType: "ACS::::Account",
        complianceRegionId: "global",
      },
    ]);
  }
});

test("throttled results are sent again", async () => {
  await using emulator = await startCloud(
    { "cn-a": COMPLIANT },
    { faults: { PutEvaluations: { kind: "throttled", times: 2 } } },
  );
  expect((await answerConfigEvent(emulator)).error).toBeNull();
  expect(emulator.counts.byAction.get("PutEvaluations")).toBe(3);
  expect(emulator.compliance.calls).toHaveLength(1);
});

test("what could not be read and what was not taken are both said", async () => {
  await using emulator = await startCloud(
    { "cn-a": NON_COMPLIANT, "cn-b": UNREADABLE },
    { faults: { PutEvaluations: { kind: "denied" } } },
  );
  const { error } = await answerConfigEvent(emulator);
  expect(error?.message).toContain("Allow the RAM action config:PutEvaluations");
  expect(error?.message).toContain("Nothing was sent to Cloud Config");
});
