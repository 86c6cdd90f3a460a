import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { check } from "../../../functions/check/check.ts";
import type { LogEntry } from "../../../shared/conclude/run-log.ts";
import { parseDocument } from "../../../shared/state/parse-document.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import type { FlowLogSeed, RegionSeed } from "../../emulator/world.ts";
import { functionContext, functionEnv, invokeCheck } from "../../harness/invoke-function.ts";
import { startWebhookCatcher, type WebhookCatcher } from "../../harness/webhook-catcher.ts";

/**
 * The lives of VPCs, flow logs and a log store over hourly runs of the check function: all rules, the
 * official SDK, a state in a file, receivers over HTTP, and a virtual clock. Each run is repeated, as
 * Function Compute repeats a tick. What receivers get is written out below, from the tables in
 * docs/rules.md and docs/alerts.md.
 */
const BEGINNING_MS = Date.parse("2026-12-01T00:17:00Z");
const HOUR_MS = 3_600_000;
const SECRET = "whsec_c2VjcmV0LW9mLXRoZS1saWZlY3ljbGUtdGVzdA==";

const COVERAGE = "vpc-flow-log-active";
const COMPLETE = "vpc-flow-log-complete";
const DELIVERED = "vpc-flow-log-delivered";
const RETENTION = "flow-log-retention";
const ACTIVATION = "flow-log-service-activated";
/** The rules that read lists of resources. */
const ABOUT_RESOURCES = [COVERAGE, COMPLETE, DELIVERED, RETENTION];

const DENIED = { kind: "denied" } as const;
/** A name with the markup of every chat. */
const HOSTILE_NAME = "生产 🚀 *a* <!channel> _c_ `x` [l](http://e)";

function flowLog(vpc: string, changes: Partial<FlowLogSeed> = {}): FlowLogSeed {
  return { flowLogId: `fl-${vpc}`, resourceType: "VPC", resourceId: vpc, ...changes };
}

/** A region in which vpc-1 and vpc-2 have no flow log. */
const BARE: RegionSeed = {
  activated: true,
  localName: "China (A)",
  vpcs: [{ vpcId: "vpc-1", name: HOSTILE_NAME }, { vpcId: "vpc-2" }],
  logStores: { "flow-logs/vpc": 365 },
};
const FIRST_FIXED: RegionSeed = { ...BARE, flowLogs: [flowLog("vpc-1")] };
const ONE_LEFT: RegionSeed = { ...FIRST_FIXED, vpcs: [{ vpcId: "vpc-1" }] };
const SHORT_STORE: RegionSeed = { ...ONE_LEFT, logStores: { "flow-logs/vpc": 30 } };
const ALL_WRONG: RegionSeed = {
  ...SHORT_STORE,
  flowLogs: [
    flowLog("vpc-1", {
      trafficType: "Allow",
      deliverStatus: "FAILED",
      deliverError: "ProjectNotExist",
    }),
  ],
};
const STOPPED: RegionSeed = {
  ...SHORT_STORE,
  flowLogs: [flowLog("vpc-1", { trafficType: "Allow", status: "Inactive" })],
};

/** vpc-1 is covered by the flow log of its only network interface. */
const BY_INTERFACE: RegionSeed = {
  ...BARE,
  vpcs: [{ vpcId: "vpc-1", vSwitchIds: ["vsw-1"] }, { vpcId: "vpc-2" }],
  networkInterfaces: [{ networkInterfaceId: "eni-1", vpcId: "vpc-1", vSwitchId: "vsw-1" }],
  flowLogs: [
    { flowLogId: "fl-eni", resourceType: "NetworkInterface", resourceId: "eni-1" },
    flowLog("vpc-2"),
  ],
};

interface Hour {
  /** The region from this hour on. */
  readonly region?: RegionSeed;
  /** More of the configuration in this hour. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** What the webhook gets, as event, rule, resource or region, and reason. */
  readonly changes: readonly string[];
  /** The title of the message to a chat in English; empty where none is due. */
  readonly title: string;
}

const aboutAll = (event: string, code: string): string[] =>
  ABOUT_RESOURCES.map((rule) => `${event} ${rule} cn-a ${code}`);

const HOURS: Readonly<Record<number, Hour>> = {
  0: {
    region: BARE,
    changes: [`opened ${COVERAGE} vpc-1 NO_FLOW_LOG`, `opened ${COVERAGE} vpc-2 NO_FLOW_LOG`],
    title: "Not fully covered by flow logs: 2 VPCs · VPC flow log coverage",
  },
  1: { changes: [], title: "" },
  // Two VPCs of one region are kept apart.
  2: {
    region: FIRST_FIXED,
    changes: [`resolved ${COVERAGE} vpc-1 FLOW_LOG_ACTIVE`],
    title: "Resolved, now fully covered by flow logs: cn-a/vpc-1 · VPC flow log coverage",
  },
  24: {
    changes: [`reminder ${COVERAGE} vpc-2 NO_FLOW_LOG`],
    title: "Still not fully covered by flow logs: cn-a/vpc-2 · VPC flow log coverage",
  },
  // The list of VPCs cannot be read: nothing is resolved, and vpc-2 stays open.
  25: { region: { ...FIRST_FIXED, faults: { DescribeVpcs: DENIED } }, changes: [], title: "" },
  26: {
    changes: aboutAll("unreadable", "ACCESS_DENIED"),
    title: "Cannot be read: cn-a · 4 rules",
  },
  27: { changes: [], title: "" },
  // The reminder of vpc-2 is due two hours before that of the region.
  48: {
    changes: [`reminder ${COVERAGE} vpc-2 ACCESS_DENIED`],
    title: "Cannot be read: cn-a/vpc-2 · VPC flow log coverage",
  },
  50: {
    changes: aboutAll("reminder", "ACCESS_DENIED"),
    title: "Still cannot be read: cn-a · 4 rules",
  },
  51: {
    region: FIRST_FIXED,
    changes: [
      `readable ${COVERAGE} cn-a NO_FLOW_LOG`,
      `readable ${COMPLETE} cn-a TRAFFIC_COMPLETE`,
      `readable ${DELIVERED} cn-a DELIVERED`,
      `readable ${RETENTION} cn-a RETENTION_SUFFICIENT`,
    ],
    title: "Can be read again: cn-a · 4 rules",
  },
  // Flow logs cannot be read for one run: nobody is notified.
  52: { region: { ...FIRST_FIXED, faults: { DescribeFlowLogs: DENIED } }, changes: [], title: "" },
  53: { region: FIRST_FIXED, changes: [], title: "" },
  // Then for two, and after them vpc-2 is gone.
  54: { region: { ...FIRST_FIXED, faults: { DescribeFlowLogs: DENIED } }, changes: [], title: "" },
  55: {
    changes: aboutAll("unreadable", "ACCESS_DENIED"),
    title: "Cannot be read: cn-a · 4 rules",
  },
  56: {
    region: ONE_LEFT,
    changes: [
      `resolved ${COVERAGE} vpc-2 GONE`,
      `readable ${COVERAGE} cn-a FLOW_LOG_ACTIVE`,
      `readable ${COMPLETE} cn-a TRAFFIC_COMPLETE`,
      `readable ${DELIVERED} cn-a DELIVERED`,
      `readable ${RETENTION} cn-a RETENTION_SUFFICIENT`,
    ],
    title:
      "No longer applicable: cn-a/vpc-2 · VPC flow log coverage; can be read again: cn-a · 4 rules",
  },
  57: {
    region: SHORT_STORE,
    changes: [`opened ${RETENTION} flow-logs/vpc RETENTION_TOO_SHORT`],
    title: "Not kept long enough: cn-a/flow-logs/vpc · VPC flow log retention",
  },
  58: {
    region: ONE_LEFT,
    changes: [`resolved ${RETENTION} flow-logs/vpc RETENTION_SUFFICIENT`],
    title: "Resolved, now kept long enough: cn-a/flow-logs/vpc · VPC flow log retention",
  },
  // The most severe rule comes first, and a title names two.
  59: {
    region: ALL_WRONG,
    changes: [
      `opened ${DELIVERED} vpc-1 DELIVERY_FAILED`,
      `opened ${COMPLETE} vpc-1 TRAFFIC_TYPE_PARTIAL`,
      `opened ${RETENTION} flow-logs/vpc RETENTION_TOO_SHORT`,
    ],
    title:
      "Not delivered: cn-a/vpc-1 · VPC flow log delivery; recorded only in part: cn-a/vpc-1 · VPC flow log completeness; and 1 more",
  },
  // The flow log is stopped: what the other rules judged is not there any more.
  60: {
    region: STOPPED,
    changes: [
      `opened ${COVERAGE} vpc-1 FLOW_LOG_INACTIVE`,
      `resolved ${DELIVERED} vpc-1 NO_ACTIVE_FLOW_LOG`,
      `resolved ${COMPLETE} vpc-1 NO_ACTIVE_FLOW_LOG`,
      `resolved ${RETENTION} flow-logs/vpc GONE`,
    ],
    title:
      "Not fully covered by flow logs: cn-a/vpc-1 · VPC flow log coverage; no longer applicable: cn-a/vpc-1 · VPC flow log delivery; and 2 more",
  },
  61: {
    config: {
      exemptions: [
        {
          region: "cn-a",
          rule: COVERAGE,
          resource: "vpc-1",
          owner: "net-team",
          reason: "moving out",
          expires: "2099-03-31",
        },
      ],
    },
    changes: [`changed ${COVERAGE} vpc-1 EXEMPT`],
    title: "Exempt: cn-a/vpc-1 · VPC flow log coverage",
  },
  // The exemption is taken out again.
  62: {
    changes: [`reminder ${COVERAGE} vpc-1 FLOW_LOG_INACTIVE`],
    title: "Still not fully covered by flow logs: cn-a/vpc-1 · VPC flow log coverage",
  },
  // The rule is not chosen any more.
  63: {
    config: { rules: [ACTIVATION] },
    changes: [`unscoped ${COVERAGE} vpc-1 FLOW_LOG_INACTIVE`],
    title: "No longer checked: cn-a/vpc-1 · VPC flow log coverage",
  },
  64: { config: { rules: [ACTIVATION] }, changes: [], title: "" },
  // Interfaces cannot be listed: the VPC that needs them is unreadable, and the other is not.
  65: {
    region: { ...BY_INTERFACE, faults: { DescribeNetworkInterfaces: DENIED } },
    changes: [],
    title: "",
  },
  66: {
    changes: [COVERAGE, COMPLETE, DELIVERED].map(
      (rule) => `unreadable ${rule} vpc-1 ACCESS_DENIED`,
    ),
    title: "Cannot be read: cn-a/vpc-1 · 3 rules",
  },
  67: {
    region: BY_INTERFACE,
    changes: [
      `readable ${COVERAGE} vpc-1 FLOW_LOG_ACTIVE`,
      `readable ${COMPLETE} vpc-1 TRAFFIC_COMPLETE`,
      `readable ${DELIVERED} vpc-1 DELIVERED`,
    ],
    title: "Can be read again: cn-a/vpc-1 · 3 rules",
  },
};

interface PostedChange {
  readonly event: string;
  readonly ruleId: string;
  readonly regionId: string;
  readonly resource?: { readonly id: string };
  readonly code: string;
}

interface Got {
  readonly changes: readonly string[];
  /** Texts of messages to chats. */
  readonly slack: readonly string[];
  readonly dingtalk: readonly string[];
  /** Alerts at the Alertmanager after the first of the two runs. */
  readonly alerts: readonly PostedAlert[];
  readonly log: readonly LogEntry[];
}

interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly endsAt: string;
}

let dir: string;
const got: Record<number, Got> = {};
let signatures: readonly { readonly expected: string; readonly sent: unknown }[];
let lastEntries: readonly unknown[];

function bodiesOf({ messages }: WebhookCatcher, from: number): string[] {
  return messages.slice(from).map(({ body }) => body);
}

function changesIn(bodies: readonly string[]): string[] {
  return bodies.flatMap((body) =>
    (JSON.parse(body) as { data: { changes: PostedChange[] } }).data.changes.map(
      ({ event, ruleId, regionId, resource, code }) =>
        `${event} ${ruleId} ${resource?.id ?? regionId} ${code}`,
    ),
  );
}

interface RunOptions {
  /** Minutes by which the run is later than its tick. @default 0 */
  readonly minute?: number;
  /** The name of the state's file. */
  readonly state: string;
  /** Of the configuration file. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly log?: (entry: LogEntry) => void;
}

/** One run of the check function by a timer, with all rules. */
async function runAt(
  emulator: Emulator,
  tickMs: number,
  { minute = 0, state, values, log = () => {} }: RunOptions,
): Promise<void> {
  const triggerTime = new Date(tickMs).toISOString();
  const event = JSON.stringify({ triggerName: "hourly", triggerTime, payload: "" });
  await check(Buffer.from(event), functionContext(emulator), {
    env: { ...functionEnv(emulator), FLOWLOG_GUARD_STATE: `file:${join(dir, state)}` },
    file: { name: "flowlog-guard.yaml", values: { rules: "all", ...values } },
    clock: () => new Date(tickMs + minute * 60_000),
    log,
  });
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "flowlog-guard-lives-"));
  await using hook = await startWebhookCatcher();
  await using pager = await startWebhookCatcher();
  await using slack = await startWebhookCatcher([{ status: 200, body: "ok" }]);
  await using dingtalk = await startWebhookCatcher([
    { status: 200, body: '{"errcode":0,"errmsg":"ok"}' },
  ]);
  const receivers = [
    { type: "webhook", name: "hook", url: hook.url, secret: SECRET },
    { type: "alertmanager", name: "pager", url: pager.origin },
    { type: "slack", name: "slack", url: slack.url },
    { type: "dingtalk", name: "dingtalk", url: dingtalk.url },
  ];
  const catchers = [hook, pager, slack, dingtalk];
  let region = BARE;
  for (const [key, hour] of Object.entries(HOURS)) {
    region = hour.region ?? region;
    await using emulator = await startEmulator({ regions: { "cn-a": region } });
    const atMs = BEGINNING_MS + Number(key) * HOUR_MS;
    const before = catchers.map(({ messages }) => messages.length);
    const log: LogEntry[] = [];
    for (const minute of [0, 1]) {
      await runAt(emulator, atMs, {
        minute,
        state: "state.json",
        values: { alerts: { unreadableAfter: 2, repeatAfter: "1d", receivers }, ...hour.config },
        log: (entry) => log.push(entry),
      });
    }
    const [ofHook = [], ofPager = [], ofSlack = [], ofDingtalk = []] = catchers.map(
      (catcher, index) => bodiesOf(catcher, before[index] ?? 0),
    );
    got[Number(key)] = {
      changes: changesIn(ofHook),
      slack: ofSlack,
      dingtalk: ofDingtalk,
      alerts: JSON.parse(ofPager[0] ?? "[]") as PostedAlert[],
      log,
    };
  }
  signatures = hook.messages.map(({ body, headers }) => {
    // The clock is virtual, so the time of the message is not checked against the present.
    const at = new Date(Number(headers["webhook-timestamp"]) * 1_000);
    const expected = new Webhook(SECRET).sign(String(headers["webhook-id"]), at, body);
    return { expected, sent: headers["webhook-signature"] };
  });
  const { state } = parseDocument(await readFile(join(dir, "state.json"), "utf8"));
  lastEntries = state.entries;
}, 60_000);

afterAll(() => rm(dir, { recursive: true }));

describe.each(Object.entries(HOURS))("in hour %s", (key, { changes, title }) => {
  const hour = Number(key);

  test("the webhook gets each change once", () => {
    expect(got[hour]?.changes.toSorted()).toEqual(changes.toSorted());
  });

  test("each chat gets one message where there is a change, in a short title", () => {
    const titles = got[hour]?.slack.map((body) => (JSON.parse(body) as { text: string }).text);
    expect(titles).toEqual(title === "" ? [] : [`${title} [flowlog-guard]`]);
    expect(got[hour]?.dingtalk).toHaveLength(title === "" ? 0 : 1);
  });

  test("the run succeeds without a warning", () => {
    const { log = [] } = got[hour] ?? {};
    expect(log.filter(({ event }) => event === "warning")).toEqual([]);
    expect(log.filter(({ event }) => event === "run")).toMatchObject([
      { outcome: "done" },
      { outcome: "done" },
    ]);
  });
});

test("the webhook's messages are signed", () => {
  expect(signatures.length).toBeGreaterThan(10);
  for (const { expected, sent } of signatures) expect(sent).toBe(expected);
});

test("nothing is remembered of what is not checked any more", () => {
  expect(lastEntries).toEqual([]);
});

test("a chat names a region that four rules could not read once, and the rules", () => {
  const [first] = got[26]?.slack ?? [];
  const texts = JSON.parse(String(first)).blocks.map(
    ({ text }: { readonly text: { readonly text: string } }) => text.text,
  );
  expect(texts).toEqual([
    "Cannot be read: cn-a · 4 rules [flowlog-guard]",
    "*VPC flow log coverage, VPC flow log completeness, VPC flow log delivery, VPC flow log retention*",
    "China (A) · A permission is missing (`ACCESS_DENIED`)\nAccount 1234567890123456 · since 2026-12-02 01:17 UTC",
    [
      "What to do about `ACCESS_DENIED`: grant the auditing identity the RAM policy that `flowlog-guard policy` prints for its configuration.",
      "VPC flow log coverage: read 0 of 1 region · CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3",
      "VPC flow log completeness, VPC flow log delivery, VPC flow log retention: read 0 of 1 region",
    ].join("\n"),
  ]);
  expect(String(got[26]?.dingtalk)).toContain("状态无法读取：cn-a · 4 条规则");
  expect(String(got[50]?.dingtalk)).toContain("状态仍无法读取：cn-a · 4 条规则");
  expect(String(got[51]?.slack)).toContain(
    "Still not fully covered by flow logs (already notified): cn-a",
  );
});

test("of a list that cannot be read, an open VPC is said to be so when it was last read", () => {
  expect(String(got[48]?.slack)).toContain(
    "When last read, it was not fully covered by flow logs (since 2026-12-01 00:17 UTC).",
  );
});

test("an Alertmanager keeps what is open, and says of a region that it can be read again", () => {
  const firing = (hour: number): string[] =>
    (got[hour]?.alerts ?? []).map(({ labels, endsAt }) => {
      const isOver = Date.parse(endsAt) <= BEGINNING_MS + hour * HOUR_MS;
      return `${isOver ? "-" : ""}${labels["alertname"]} ${labels["resource_id"] ?? labels["region_id"]}`;
    });
  expect(firing(0)).toEqual(["VpcFlowLogMissing vpc-1", "VpcFlowLogMissing vpc-2"]);
  expect(firing(25)).toEqual(["VpcFlowLogMissing vpc-2"]);
  const unreadable = [
    "VpcFlowLogRetentionUnreadable cn-a",
    "VpcFlowLogUnreadable cn-a",
    "VpcFlowLogCompletenessUnreadable cn-a",
    "VpcFlowLogDeliveryUnreadable cn-a",
  ];
  expect(firing(26)).toEqual([...unreadable, "VpcFlowLogMissing vpc-2"]);
  expect(firing(27)).toEqual(firing(26));
  expect(firing(51).toSorted()).toEqual(
    ["VpcFlowLogMissing vpc-2", ...unreadable.map((name) => `-${name}`)].toSorted(),
  );
  const described = got[51]?.alerts.filter(
    ({ labels }) => labels["alertname"] === "VpcFlowLogUnreadable",
  );
  expect(described).toMatchObject([
    { annotations: { description: "The resources of the region can be read again." } },
  ]);
});

test("a VPC that is gone, and what a stopped flow log ends, are not said to comply", () => {
  expect(String(got[56]?.slack)).toContain(
    "no longer found in the region, or no longer used there",
  );
  const stopped = String(got[60]?.slack);
  expect(stopped).toContain("no longer applicable (`NO_ACTIVE_FLOW_LOG`, no active flow log)");
  expect(stopped).toContain("no longer applicable (`GONE`, no longer found in the region");
  expect(stopped).not.toMatch(/resolved/i);
  expect(String(got[60]?.dingtalk)).toContain("不再适用（NO_ACTIVE_FLOW_LOG，没有已启动的流日志）");
});

test("the name of a VPC is no markup to a chat", () => {
  expect(String(got[0]?.slack)).toContain("生产 🚀 ＊a＊ &lt;！channel&gt; ＿c＿ ｀x｀ ［l］");
  expect(String(got[0]?.dingtalk)).toContain("生产 🚀 ＊a＊ ＜！channel＞ ＿c＿ ｀x｀ ［l］");
});

test("the log names the resources", () => {
  const [run] = got[60]?.log.filter(({ event }) => event === "run") ?? [];
  expect(run).toMatchObject({
    nonCompliant: ["cn-a"],
    unreadable: [],
    resources: {
      nonCompliant: [{ ruleId: COVERAGE, regionId: "cn-a", type: "ACS::VPC::VPC", id: "vpc-1" }],
      unreadable: [],
    },
  });
});

test("a summary has a line for each rule, and its resources", async () => {
  await using emulator = await startEmulator({
    regions: { "cn-a": SHORT_STORE, "cn-b": { ...BARE, faults: { DescribeVpcs: DENIED } } },
  });
  await using slack = await startWebhookCatcher([{ status: 200, body: "ok" }]);
  const alerts = {
    receivers: [{ type: "slack", name: "slack", url: slack.url }],
    repeatAfter: "30d",
    summaryEvery: "1d",
  };
  for (const hour of [0, 1, 25]) {
    await runAt(emulator, BEGINNING_MS + hour * HOUR_MS, {
      state: "summary.json",
      values: { alerts },
    });
  }
  const texts = slack.messages.map(({ body }) =>
    JSON.parse(body).blocks.map(
      ({ text }: { readonly text: { readonly text: string } }) => text.text,
    ),
  );
  expect(texts).toHaveLength(3);
  expect(texts[2].slice(1, 6)).toEqual([
    "Account 1234567890123456",
    [
      "VPC flow log service · 2 regions: 2 activated",
      "VPC flow log coverage · 1 VPC: 1 region cannot be read, 1 fully covered by flow logs",
      "VPC flow log delivery · 1 VPC: 1 region cannot be read, 1 delivered",
      "VPC flow log completeness · 1 VPC: 1 region cannot be read, 1 recorded in full",
      "VPC flow log retention · 1 log store: 1 not kept long enough, 1 region cannot be read",
    ].join("\n"),
    "*VPC flow log retention*",
    "Not kept long enough: cn-a/flow-logs/vpc",
    "*VPC flow log coverage, VPC flow log completeness, VPC flow log delivery, VPC flow log retention*",
  ]);
});

test("the built function knows the card of a rule that is not chosen any more", async () => {
  await using emulator = await startEmulator({ regions: { "cn-a": BARE } });
  await using hook = await startWebhookCatcher();
  const invoke = (rules: string) =>
    invokeCheck("{}", functionContext(emulator), {
      ...functionEnv(emulator),
      FLOWLOG_GUARD_RULES: rules,
      FLOWLOG_GUARD_STATE: `file:${join(dir, "built.json")}`,
      FLOWLOG_GUARD_WEBHOOK_URL: hook.url,
    });
  expect(await invoke("all")).toMatchObject({ error: null, stderr: "" });
  expect(await invoke(ACTIVATION)).toMatchObject({ error: null, stderr: "" });
  expect(changesIn(hook.messages.map(({ body }) => body))).toEqual([
    `opened ${COVERAGE} vpc-1 NO_FLOW_LOG`,
    `opened ${COVERAGE} vpc-2 NO_FLOW_LOG`,
    `unscoped ${COVERAGE} vpc-1 NO_FLOW_LOG`,
    `unscoped ${COVERAGE} vpc-2 NO_FLOW_LOG`,
  ]);
  const { data } = JSON.parse(String(hook.messages[1]?.body));
  expect(data.rules).toMatchObject([{ id: ACTIVATION }, { id: COVERAGE, severity: "high" }]);
});
