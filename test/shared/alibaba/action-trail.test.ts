import { describe, expect, test } from "vitest";

import { AlibabaTrail } from "../../../shared/alibaba/action-trail.ts";
import { CallError } from "../../../shared/audit/call-error.ts";
import type { TrailEvent } from "../../../shared/audit/trail.ts";
import { askTrail, type TrailAnswer } from "../../../shared/history/trail/ask-trail.ts";
import { createTransport } from "../../../shared/http/transport.ts";
import { startTimeBudget } from "../../../shared/retry/time-budget.ts";
import { actionTrailEndpoint } from "../../../shared/service/endpoints.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { trailEvent, type TrailEventSeed } from "../../emulator/trail-seed.ts";
import type { World } from "../../emulator/world.ts";
import { cloudOptions } from "../../harness/cloud-options.ts";

const ACCOUNT = "1234567890123456";
const FROM = Date.now() - 30 * 86_400_000;

function at(minutes: number): string {
  return new Date(FROM + minutes * 60_000).toISOString().replace(/\.\d{3}Z$/, "Z");
}

function deleted(index: number, more: Partial<TrailEventSeed> = {}): TrailEventSeed {
  return trailEvent({
    eventId: `EVENT-${String(index).padStart(3, "0")}`,
    eventTime: at(index),
    eventName: "DeleteFlowLog",
    acsRegion: "cn-a",
    requestParameters: { FlowLogId: `fl-${index}`, RegionId: "cn-a" },
    ...more,
  });
}

function start(events: readonly TrailEventSeed[], world: Partial<World> = {}): Promise<Emulator> {
  return startEmulator({ regions: {}, trail: { [ACCOUNT]: events }, ...world });
}

async function ask(
  emulator: Emulator,
  regionIds: readonly string[] = ["cn-a"],
  callsPerSecond = 1_000,
): Promise<TrailAnswer> {
  using transport = createTransport(null);
  const trail = new AlibabaTrail(cloudOptions(emulator, transport));
  const deadline = startTimeBudget(60_000, "DEADLINE_EXCEEDED");
  try {
    const times = { fromMs: FROM, toMs: Date.now() };
    return await askTrail(trail, regionIds, times, { deadline, callsPerSecond });
  } finally {
    deadline.release();
  }
}

test("events are asked for by name and region, and read to the last page", async () => {
  const other = deleted(0, { eventId: "OTHER", acsRegion: "cn-b", eventName: "CreateFlowLog" });
  await using emulator = await start([
    ...Array.from({ length: 120 }, (_, index) => deleted(index)),
    other,
    deleted(1, { eventId: "NO-FLOW-LOG", eventName: "DeleteVpc" }),
  ]);
  const { events, failures } = await ask(emulator, ["cn-a", "cn-b"]);
  expect(failures).toEqual([]);
  expect(
    events.filter(({ regionId }) => regionId === "cn-a").map(({ eventId }) => eventId),
  ).toEqual(Array.from({ length: 120 }, (_, index) => `EVENT-${String(index).padStart(3, "0")}`));
  expect(events.filter(({ regionId }) => regionId === "cn-b").map(({ name }) => name)).toEqual([
    "CreateFlowLog",
  ]);
  // Six names in each region, and two pages more of one.
  expect(emulator.requests).toHaveLength(14);
  expect(emulator.requests[0]?.query).toEqual({
    RegionId: "cn-a",
    StartTime: expect.stringMatching(/^[\d-]{10}T[\d:]{8}Z$/),
    EndTime: expect.stringMatching(/^[\d-]{10}T[\d:]{8}Z$/),
    Direction: "FORWARD",
    MaxResults: "50",
    "LookupAttribute.1.Key": "EventName",
    "LookupAttribute.1.Value": "OpenFlowLogService",
  });
});

describe("an event", () => {
  const SECRETS = ["SECRET-IN-CLEAR", "TOKEN-IN-CLEAR", "LTAI5tOfSomebodyElse", "MESSAGE-IN-CLEAR"];
  const HOSTILE = deleted(1, {
    errorCode: "Forbidden",
    errorMessage: "MESSAGE-IN-CLEAR",
    sourceIpAddress: "203.0.113.7\u001b[31m\u202e\n",
    requestParameters: { FlowLogId: "fl-1", ResourceId: "$(rm -rf)", AccessKeySecret: SECRETS[0] },
    responseElements: { Credentials: { AccessKeySecret: SECRETS[0], SecurityToken: SECRETS[1] } },
    additionalEventData: { credentials: { accessKeySecret: SECRETS[0] } },
    userIdentity: {
      type: "assumed-role",
      principalId: "300000000000000001:session",
      accountId: ACCOUNT,
      userName: `ops:${"x".repeat(500)}`,
      accessKeyId: SECRETS[2],
      sessionContext: { credentials: { accessKeySecret: SECRETS[0] } },
    },
  });

  test("is reduced to what says who did what", async () => {
    await using emulator = await start([HOSTILE]);
    const { events } = await ask(emulator);
    expect(events).toEqual<TrailEvent[]>([
      {
        eventId: "EVENT-001",
        at: at(1).replace("Z", ".000Z"),
        regionId: "cn-a",
        name: "DeleteFlowLog",
        identityType: "assumed-role",
        accountId: ACCOUNT,
        principalId: "300000000000000001:session",
        userName: expect.stringMatching(/^ops:x+…$/),
        accessKeyEnd: "Else",
        sourceIp: "203.0.113.7[31m",
        flowLogId: "fl-1",
        resourceId: null,
        errorCode: "Forbidden",
      },
    ]);
    for (const secret of SECRETS) expect(JSON.stringify(events)).not.toContain(secret);
  });

  test.each<[string, Partial<TrailEventSeed>]>([
    ["without a time", { eventTime: "yesterday SECRET-IN-CLEAR" }],
    ["of another form", { userIdentity: "SECRET-IN-CLEAR" }],
  ])("%s fails its region without being quoted", async (_, more) => {
    // The emulator selects by the time.
    await using emulator = await start([], {
      faults: {
        LookupEvents: {
          kind: "body",
          status: 200,
          text: JSON.stringify({ Events: [{ ...HOSTILE, ...more }] }),
        },
      },
    });
    const { events, failures } = await ask(emulator);
    expect(events).toEqual([]);
    expect(failures).toEqual([
      { regionId: "cn-a", code: "MALFORMED_RESPONSE", message: expect.any(String) },
    ]);
    for (const secret of SECRETS) expect(JSON.stringify(failures)).not.toContain(secret);
  });

  test("that says little is still one", async () => {
    const bare = { eventId: "E", eventTime: at(3), eventName: "CreateFlowLog", acsRegion: "cn-a" };
    await using emulator = await start([bare]);
    const { events } = await ask(emulator);
    expect(events).toEqual([
      {
        eventId: "E",
        at: at(3).replace("Z", ".000Z"),
        regionId: "cn-a",
        name: "CreateFlowLog",
        identityType: null,
        accountId: null,
        principalId: null,
        userName: null,
        accessKeyEnd: null,
        sourceIp: null,
        flowLogId: null,
        resourceId: null,
        errorCode: null,
      },
    ]);
  });
});

describe("a failure", () => {
  test("to be allowed to ask is the same in every region", async () => {
    await using emulator = await start([], { faults: { LookupEvents: { kind: "denied" } } });
    const { failures } = await ask(emulator, ["cn-a", "cn-b", "cn-c"]);
    expect(failures.map(({ regionId, code }) => `${regionId} ${code}`)).toEqual([
      "cn-a ACCESS_DENIED",
      "cn-b ACCESS_DENIED",
      "cn-c ACCESS_DENIED",
    ]);
    expect(failures[0]?.message).toContain("Allow the RAM action actiontrail:LookupEvents");
    expect(emulator.requests).toHaveLength(1);
  });

  test("in one region keeps the others", async () => {
    await using emulator = await start([deleted(1, { acsRegion: "cn-b" })], {
      faultOf: ({ regionId }) =>
        regionId === "cn-a" ? { kind: "error", status: 400, code: "Unsupported" } : undefined,
    });
    const { events, failures } = await ask(emulator, ["cn-a", "cn-b"]);
    expect(failures.map(({ regionId, code }) => [regionId, code])).toEqual([
      ["cn-a", "SERVICE_ERROR"],
    ]);
    expect(events).toHaveLength(1);
  });

  test("that passes is asked again", async () => {
    await using emulator = await start([deleted(1)], {
      faults: { LookupEvents: { kind: "json-500", times: 1 } },
    });
    expect((await ask(emulator)).events).toHaveLength(1);
  });

  test("of a page that leads back is no endless list", async () => {
    const text = JSON.stringify({ Events: [], NextToken: "again" });
    await using emulator = await start([], {
      faults: { LookupEvents: { kind: "body", status: 200, text } },
    });
    const { failures } = await ask(emulator);
    expect(failures.map(({ code }) => code)).toEqual(["MALFORMED_RESPONSE"]);
  });
});

test("a range of more than 90 days is refused by the service", async () => {
  await using emulator = await start([]);
  using transport = createTransport(null);
  const trail = new AlibabaTrail(cloudOptions(emulator, transport));
  const limit = startTimeBudget(5_000, "TIMEOUT");
  const query = {
    regionId: "cn-a",
    eventName: "DeleteFlowLog",
    fromMs: Date.now() - 91 * 86_400_000,
    toMs: Date.now(),
  } as const;
  await expect(trail.lookUpEvents(query, null, limit)).rejects.toBeInstanceOf(CallError);
  limit.release();
});

test.each([
  ["cn-hangzhou", "actiontrail.cn-hangzhou.aliyuncs.com"],
  ["cn-wuhan", "actiontrail.aliyuncs.com"],
])("the events of %s are at %s", (regionId, host) => {
  expect(actionTrailEndpoint(regionId, { actionTrail: null })).toEqual({ host, protocol: "HTTPS" });
});
