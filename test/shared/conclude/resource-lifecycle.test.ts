import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Exemption } from "../../../shared/audit/exemption.ts";
import { raiseAlert } from "../../../shared/conclude/raise-alert.ts";
import type { Receiver } from "../../../shared/notify/receiver.ts";
import { createReceivers } from "../../../shared/notify/receivers.ts";
import { DEFAULT_RULES } from "../../../shared/rules/rules.ts";
import type { StateStore } from "../../../shared/state/state-store.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { auditEmulator } from "../../harness/audit-emulator.ts";
import { type Boxes, boxRule } from "../../harness/box-rule.ts";
import { DIRECT } from "../../harness/direct.ts";
import { fullAfter, openFileState } from "../../harness/file-state.ts";
import { reportOf } from "../../harness/report-with.ts";
import { startWebhookCatcher, type WebhookCatcher } from "../../harness/webhook-catcher.ts";

/**
 * The lives of some resources over hourly runs, each repeated a minute later as Function Compute
 * repeats a run: real audits of an emulated cloud, a state in a file, receivers over HTTP, and a
 * virtual clock. What receivers get is written out below, from the table of events in docs/alerts.md.
 */
const BEGINNING_MS = Date.parse("2026-12-01T00:00:00Z");
const HOUR_MS = 3_600_000;
const POLICY = { repeatAfterMs: 24 * HOUR_MS, unreadableAfter: 2, summaryEveryMs: null };
const QUICK = { maxAttempts: 1, baseDelayMs: 1, maxDelayMs: 1 };

interface Hour {
  /** The boxes of a region; those of regions that are left out are as in the hour before. */
  readonly boxes?: Readonly<Record<string, Boxes>>;
  /** The regions of a run that somebody narrowed. */
  readonly narrowedTo?: readonly string[];
  /** Whether the rule about boxes is chosen. @default true */
  readonly choosesRule?: false;
  /** Whether the run is killed once its messages are sent. */
  readonly isKilled?: true;
  /** What the webhook gets: event, resource or region, and what was found. */
  readonly changes: readonly string[];
  /** The alerts that fire at an Alertmanager afterwards, if it is sent any; ended ones with `-`. */
  readonly firing?: readonly string[];
}

/** From this hour on box-3 is exempt. */
const EXEMPT_AT = 2;
const EXEMPTION: Exemption = {
  region: "*",
  account: "*",
  rule: "boxes-shut",
  resource: "box-3",
  owner: "net-team",
  reason: "moving out",
  expires: "2099-03-31",
  warnsFrom: "2099-03-24",
};

const HOURS: Readonly<Record<number, Hour>> = {
  0: {
    boxes: {
      "cn-a": { "box-1": "open", "box-2": "open", "box-3": "open", "box-4": "shut" },
      "cn-b": {},
    },
    changes: ["opened box-1 OPEN", "opened box-2 OPEN", "opened box-3 OPEN"],
    firing: ["box-1", "box-2", "box-3"],
  },
  1: { changes: [], firing: ["box-1", "box-2", "box-3"] },
  [EXEMPT_AT]: { changes: ["changed box-3 EXEMPT"], firing: ["box-1", "box-2", "-box-3"] },
  // Two boxes of one region are kept apart.
  3: {
    boxes: { "cn-a": { "box-1": "shut", "box-2": "open", "box-3": "open", "box-4": "shut" } },
    changes: ["resolved box-1 SHUT"],
    firing: ["-box-1", "box-2"],
  },
  // One change is about the region, in the second run; box-2 stays open.
  4: { boxes: { "cn-a": "SERVICE_ERROR" }, changes: [], firing: ["box-2"] },
  5: { changes: ["unreadable cn-a SERVICE_ERROR"], firing: ["box-2", "cn-a unreadable"] },
  6: { boxes: { "cn-a": "DEADLINE_EXCEEDED" }, changes: [], firing: ["box-2", "cn-a unreadable"] },
  7: {
    boxes: { "cn-a": { "box-1": "shut", "box-2": "moving", "box-3": "open", "box-4": "shut" } },
    changes: ["readable cn-a MOVING"],
    firing: ["-cn-a unreadable", "box-2"],
  },
  8: { changes: ["unreadable box-2 MOVING"], firing: ["box-2", "box-2 unreadable"] },
  9: {
    boxes: { "cn-a": { "box-1": "shut", "box-2": "open", "box-3": "open", "box-4": "shut" } },
    changes: ["readable box-2 OPEN"],
    firing: ["box-2", "-box-2 unreadable"],
  },
  24: { changes: ["reminder box-2 OPEN"], firing: ["box-2"] },
  // box-5 exists for an hour, in which the run is killed: the receivers may know of it.
  25: {
    boxes: { "cn-a": { "box-2": "open", "box-3": "open", "box-5": "open" } },
    isKilled: true,
    changes: ["opened box-5 OPEN"],
    firing: ["box-2", "box-5"],
  },
  26: {
    boxes: { "cn-a": { "box-2": "open", "box-3": "open" } },
    changes: ["resolved box-5 GONE"],
    firing: ["box-2", "-box-5"],
  },
  // An exempt one is deleted, too.
  27: {
    boxes: { "cn-a": { "box-2": "open" } },
    changes: ["resolved box-3 GONE"],
    firing: ["box-2", "-box-3"],
  },
  // Runs by hand of one region change nothing in the other, and see what is gone in theirs.
  28: {
    boxes: { "cn-b": { "box-6": "open" } },
    narrowedTo: ["cn-b"],
    changes: ["opened box-6 OPEN"],
    firing: ["box-6"],
  },
  29: {
    boxes: { "cn-a": {} },
    narrowedTo: ["cn-a"],
    changes: ["resolved box-2 GONE"],
    firing: ["-box-2"],
  },
  30: {
    boxes: { "cn-b": { "box-6": "on loan" } },
    changes: ["resolved box-6 ON_LOAN"],
    firing: ["-box-6"],
  },
  31: {
    boxes: { "cn-b": { "box-6": "open", "box-7": "ACCESS_DENIED" } },
    changes: ["opened box-6 OPEN"],
    firing: ["box-6"],
  },
  32: { changes: ["unreadable box-7 ACCESS_DENIED"], firing: ["box-6", "box-7 unreadable"] },
  // The last boxes are gone, also the one that could not be read.
  33: {
    boxes: { "cn-b": {} },
    changes: ["resolved box-6 GONE", "readable box-7 GONE"],
    firing: ["-box-6", "-box-7 unreadable"],
  },
  34: {
    boxes: { "cn-a": { "box-8": "open" } },
    changes: ["opened box-8 OPEN"],
    firing: ["box-8"],
  },
  // The rule is not chosen any more, and nobody looks at box-8; then it is.
  35: { choosesRule: false, changes: ["unscoped box-8 OPEN"], firing: ["-box-8"] },
  36: { choosesRule: false, changes: [] },
  37: { changes: ["opened box-8 OPEN"], firing: ["box-8"] },
  38: {
    boxes: { "cn-a": { "box-8": "shut" } },
    changes: ["resolved box-8 SHUT"],
    firing: ["-box-8"],
  },
  39: { changes: [] },
};

interface PostedChange {
  readonly event: string;
  readonly regionId: string;
  readonly resource?: { readonly id: string };
  readonly code: string;
}

interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly endsAt: string;
}

let dir: string;
let emulator: Emulator;
let catchers: readonly WebhookCatcher[] = [];
const got: Record<number, { changes: string[]; firing: string[][]; chat: string[] }> = {};
const surprises: unknown[] = [];
let lastState: string;

function stateAt(clock: () => Date): StateStore {
  return openFileState(join(dir, "state.json"), clock);
}

/** What a webhook was sent, line by line. */
function changesIn(bodies: readonly string[]): string[] {
  return bodies.flatMap((body) =>
    (JSON.parse(body) as { data: { changes: PostedChange[] } }).data.changes.map(
      ({ event, regionId, resource, code }) => `${event} ${resource?.id ?? regionId} ${code}`,
    ),
  );
}

/** The alerts of a message to an Alertmanager. */
function firingIn(body: string, nowMs: number): string[] {
  return (JSON.parse(body) as PostedAlert[]).map(({ labels, endsAt }) => {
    const isOver = Date.parse(endsAt) <= nowMs + 120_000;
    const about = labels["resource_id"] ?? labels["region_id"];
    const condition = labels["alertname"] === "AcmeSampleUnreadable" ? " unreadable" : "";
    return `${isOver ? "-" : ""}${about}${condition}`;
  });
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "flowlog-guard-lifecycle-"));
  emulator = await startEmulator({
    regions: { "cn-a": { activated: true }, "cn-b": { activated: true } },
  });
  const hook = await startWebhookCatcher();
  const pager = await startWebhookCatcher();
  const chat = await startWebhookCatcher([{ status: 200, body: "ok" }]);
  catchers = [hook, pager, chat];
  const receivers: readonly Receiver[] = createReceivers(
    [
      { type: "webhook", name: "hook", url: hook.url },
      { type: "alertmanager", name: "pager", url: pager.origin },
      { type: "slack", name: "chat", url: chat.url },
    ],
    DIRECT,
  );
  let world: Readonly<Record<string, Boxes>> = {};
  for (const [key, step] of Object.entries(HOURS)) {
    const hour = Number(key);
    world = { ...world, ...step.boxes };
    const boxes = boxRule(world);
    const before = catchers.map(({ messages }) => messages.length);
    for (const minute of [0, 1]) {
      const at = new Date(BEGINNING_MS + hour * HOUR_MS + minute * 60_000);
      const report = await auditEmulator(emulator, {
        rules: step.choosesRule === false ? DEFAULT_RULES : [...DEFAULT_RULES, boxes],
        selectors: step.narrowedTo ?? ["cn-a", "cn-b"],
        exemptions: hour >= EXEMPT_AT ? [EXEMPTION] : [],
        runId: `run-${hour}`,
      });
      const store = stateAt(() => at);
      const { undelivered, warnings } = await raiseAlert(reportOf(report, at), receivers, {
        loadCards: async () => [...DEFAULT_RULES, boxes],
        policy: POLICY,
        store: step.isKilled === true ? fullAfter(1, store) : store,
        clock: () => at,
        retryPolicy: QUICK,
        wholeScope: step.narrowedTo === undefined,
      });
      surprises.push(...undelivered, ...(step.isKilled === true ? [] : warnings));
    }
    const [ofHook, ofPager, ofChat] = catchers.map(({ messages }, index) =>
      messages.slice(before[index]).map(({ body }) => body),
    );
    const nowMs = BEGINNING_MS + hour * HOUR_MS;
    got[hour] = {
      changes: changesIn(ofHook ?? []),
      firing: (ofPager ?? []).map((body) => firingIn(body, nowMs)),
      chat: ofChat ?? [],
    };
  }
  lastState = JSON.stringify((await stateAt(() => new Date()).read()).state.entries);
}, 60_000);

afterAll(async () => {
  await emulator.stop();
  for (const catcher of catchers) await catcher.stop();
  await rm(dir, { recursive: true });
});

test("no run has a warning or a failure, and nothing is remembered at the end", () => {
  expect(surprises).toEqual([]);
  expect(lastState).toBe("[]");
});

describe.each(Object.entries(HOURS))("in hour %s", (hour, { changes, firing, isKilled }) => {
  test("a receiver gets each change once", () => {
    // A run that was killed and is repeated does not know what arrived.
    const repeated = isKilled === true ? [...changes, ...changes] : changes;
    expect(got[Number(hour)]?.changes.toSorted()).toEqual(repeated.toSorted());
  });

  test("a chat gets a message where there is a change", () => {
    const messages = isKilled === true ? 2 : 1;
    expect(got[Number(hour)]?.chat).toHaveLength(changes.length === 0 ? 0 : messages);
  });

  test("an Alertmanager gets what is open, and each end once", () => {
    const [first, again, ...others] = got[Number(hour)]?.firing ?? [];
    expect(others).toEqual([]);
    expect(first?.toSorted()).toEqual(firing?.toSorted());
    // What is open is sent again when the run is repeated.
    const lasting = firing?.filter((alert) => !alert.startsWith("-")) ?? [];
    expect(again?.toSorted() ?? []).toEqual(lasting.toSorted());
  });
});

test("a chat says of a deleted resource that it is not there, and not that it complies", () => {
  for (const [hour, id] of [
    [26, "box-5"],
    [27, "box-3"],
    [29, "box-2"],
  ] as const) {
    const text = String(got[hour]?.chat);
    expect(text).toContain(`No longer applicable: cn-a/${id} · ACME samples`);
    expect(text).toContain("No longer found in the region, or no longer used there");
    expect(text).not.toMatch(/in order|Fetch a broom/);
  }
  expect(String(got[30]?.chat)).toContain("On loan to somebody else (`ON_LOAN`)");
  expect(String(got[3]?.chat)).toContain("Resolved, now in order: cn-a/box-1 · ACME samples");
});
