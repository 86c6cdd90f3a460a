import { copyFile, mkdtemp, rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Change } from "../../../shared/alerts/alert.ts";
import { applyExemptions, type Exemption } from "../../../shared/audit/exemption.ts";
import type { Status } from "../../../shared/audit/finding.ts";
import { type Report, summarize } from "../../../shared/audit/report.ts";
import { raiseAlert } from "../../../shared/conclude/raise-alert.ts";
import type { Receiver } from "../../../shared/notify/receiver.ts";
import { createReceivers, type ReceiverType } from "../../../shared/notify/receivers.ts";
import { loadRules } from "../../../shared/rules/rules.ts";
import { DIRECT } from "../../harness/direct.ts";
import { fullAfter, openFileState } from "../../harness/file-state.ts";
import { type LoopbackServer, startLoopbackServer } from "../../harness/loopback-server.ts";
import { reportWith } from "../../harness/report-with.ts";

/**
 * A fortnight of hourly runs, each repeated a minute later as Function Compute repeats a run, on a
 * virtual clock, with real receivers over HTTP and a state in a file. The changes that
 * each receiver must get are written out below, hour by hour, from the tables under "What is sent" in
 * docs/alerts.md.
 */
const HOURS = 336;
const STATE_LOST_AT = 230;
/** The intent is written, and the outcome is not: the disk is full. */
const DISK_FULL_AT = 190;
/** No endpoint of STS answers: the account is assumed from the state. */
const STS_DOWN = [120, 122] as const;
/**
 * The state is replaced by the one that a program of an older version of the document had at that point
 * of the same fortnight: the hour before is in the file's name. No receiver gets a change because of that.
 */
const MIGRATED_AT: Readonly<Record<2 | 4, readonly number[]>> = {
  2: [11, 26, 106, 166, 172, 191, 251],
  4: [21, 61, 114, 206, 266],
};
function recordedAt(atHour: number): URL | null {
  const [version] = Object.entries(MIGRATED_AT).find(([, hours]) => hours.includes(atHour)) ?? [];
  const name = `../state/recorded/state-v${version}-hour-${atHour - 1}.json`;
  return version === undefined ? null : new URL(name, import.meta.url);
}
/** Runs by hand of cn-a only. */
const NARROWED_AT = 70;
const BEGINNING_MS = Date.parse("2026-12-01T00:00:00Z");
const HOUR_MS = 3_600_000;
const POLICY = { repeatAfterMs: 24 * HOUR_MS, unreadableAfter: 2, summaryEveryMs: null };
const QUICK = { maxAttempts: 2, baseDelayMs: 1, maxDelayMs: 1 };

/** The status of each region at an hour; compliant by default. */
const REGIONS: Readonly<Record<string, readonly (readonly [Status, from: number, to: number])[]>> =
  {
    "cn-a": [],
    "cn-b": [["NON_COMPLIANT", 10, 100]],
    "cn-c": [
      ["NON_COMPLIANT", 50, 60],
      ["NON_COMPLIANT", 200, 300],
    ],
    "cn-d": [
      ["INSUFFICIENT_DATA", 30, 31],
      ["INSUFFICIENT_DATA", 80, 120],
    ],
    "cn-e": [
      ["INSUFFICIENT_DATA", 160, 170],
      ["NON_COMPLIANT", 150, 171],
    ],
    "cn-f": [["NON_COMPLIANT", 90, 250]],
    "cn-g": [["NON_COMPLIANT", DISK_FULL_AT, DISK_FULL_AT + 1]],
    "cn-h": [["NON_COMPLIANT", 20, 300]],
    "cn-i": [["INSUFFICIENT_DATA", 20, 300]],
    "cn-j": [
      ["NON_COMPLIANT", 110, 120],
      ["NON_COMPLIANT", 130, 140],
    ],
  };

/** When regions are not in scope. */
const UNSCOPED: Readonly<Record<string, readonly [from: number, to: number]>> = {
  "cn-h": [52, 310],
  "cn-i": [52, 310],
};

/** When exemptions were agreed on; their last day ends with hour 215. */
const EXEMPT_FROM: Readonly<Record<string, number>> = { "cn-f": 100, "cn-j": 112 };

function exemptionOf(region: string): Exemption {
  return {
    region,
    account: "*",
    rule: "*",
    resource: "*",
    owner: "net-team",
    reason: "moving out",
    expires: "2026-12-09",
    warnsFrom: "2026-12-02",
  };
}

/** The changes of a receiver that is always available. */
const NOTIFIED: readonly string[] = [
  "10 opened cn-b",
  "20 opened cn-h",
  "21 unreadable cn-i",
  "34 reminder cn-b",
  "44 reminder cn-h",
  "45 reminder cn-i",
  "50 opened cn-c",
  // Both have left the scope. At 70, runs of cn-a only leave it unchanged.
  "52 unscoped cn-h",
  "52 unscoped cn-i",
  "58 reminder cn-b",
  "60 resolved cn-c",
  // One run that did not read cn-d, at 30, causes no change; the second in a row, at 81, does.
  "81 unreadable cn-d",
  "82 reminder cn-b",
  "90 opened cn-f",
  "100 resolved cn-b",
  "100 changed cn-f",
  "105 reminder cn-d",
  "110 opened cn-j",
  "112 changed cn-j",
  // Both end at 120, and STS does not answer until 122: before that no end is sent.
  "122 readable cn-d",
  // It is exempt, so its changes from 130 to 140 are not sent.
  "122 resolved cn-j",
  "150 opened cn-e",
  "161 unreadable cn-e",
  "170 readable cn-e",
  "171 resolved cn-e",
  // At 190 its confirmation could not be written.
  "190 opened cn-g",
  "191 resolved cn-g",
  "200 opened cn-c",
  // The exemption is over, and cn-f still not activated.
  "216 reminder cn-f",
  "224 reminder cn-c",
  // The state is lost: only what is open is sent once more.
  "230 opened cn-c",
  "230 opened cn-f",
  "250 resolved cn-f",
  "254 reminder cn-c",
  "278 reminder cn-c",
  "300 resolved cn-c",
];

interface Peer {
  /** Its answer to a message that it accepts. */
  readonly ok: readonly [status: number, body: string];
  /** The hours at which it does not accept, and its behaviour then. */
  readonly down?: readonly [from: number, to: number];
  readonly instead?: readonly [status: number, body: string] | "reset" | "cut";
  /** What differs for it from {@link NOTIFIED}: changes that it gets in other hours, or repeatedly. */
  readonly otherwise?: Readonly<Record<string, string | readonly string[]>>;
}

const PEERS: Readonly<Record<Exclude<ReceiverType, "alertmanager">, Peer>> = {
  webhook: {
    ok: [204, ""],
    down: [10, 12],
    instead: "cut",
    // Its answers were cut off: changes are sent again until it confirms them.
    otherwise: {
      "10 opened cn-b": ["10 opened cn-b", "11 opened cn-b", "12 opened cn-b"],
      "34 reminder cn-b": "36 reminder cn-b",
      "58 reminder cn-b": "60 reminder cn-b",
      "82 reminder cn-b": "84 reminder cn-b",
    },
  },
  dingtalk: {
    ok: [200, '{"errcode":0,"errmsg":"ok"}'],
    down: [300, 301],
    instead: "cut",
    otherwise: { "300 resolved cn-c": ["300 resolved cn-c", "301 resolved cn-c"] },
  },
  feishu: {
    ok: [200, '{"code":0,"msg":"success"}'],
    down: [95, 101],
    instead: [200, '{"code":11232,"msg":"frequency limited"}'],
    otherwise: {
      "100 resolved cn-b": "101 resolved cn-b",
      "100 changed cn-f": "101 changed cn-f",
    },
  },
  wecom: {
    ok: [200, '{"errcode":0,"errmsg":"ok"}'],
    down: [50, 55],
    instead: [200, '{"errcode":45009,"errmsg":"api freq out of limit"}'],
    otherwise: {
      "50 opened cn-c": "55 opened cn-c",
      "52 unscoped cn-h": "55 unscoped cn-h",
      "52 unscoped cn-i": "55 unscoped cn-i",
    },
  },
  slack: {
    ok: [200, "ok"],
    down: [150, 172],
    instead: "reset",
    // Everything had ended when it was available again. Messages in between may have arrived.
    otherwise: {
      "150 opened cn-e": [],
      "161 unreadable cn-e": [],
      "170 readable cn-e": "172 readable cn-e",
      "171 resolved cn-e": "172 resolved cn-e",
    },
  },
  teams: {
    ok: [202, ""],
    down: [60, 66],
    instead: [500, ""],
    otherwise: { "60 resolved cn-c": "66 resolved cn-c" },
  },
};

let hour = 0;
/** Changes that reached no receiver, and warnings. Must stay empty. */
const surprises: unknown[] = [];
let dir: string;
const servers: LoopbackServer[] = [];
/** The received changes, in order. */
const arrived: Record<string, string[]> = {};
/** The alerts at the Alertmanager by hour, as `alertname region`, with `-` before an ended one. */
const firing: Record<number, string[]> = {};

function isDown({ down }: Peer): boolean {
  return down !== undefined && hour >= down[0] && hour < down[1];
}

async function startPeer(type: string, peer: Peer): Promise<LoopbackServer> {
  const server = await startLoopbackServer(async (request, response) => {
    await text(request);
    const answer = isDown(peer) ? (peer.instead ?? peer.ok) : peer.ok;
    if (answer === "reset") request.socket.resetAndDestroy();
    else if (answer === "cut") cutOff(request, response);
    else response.writeHead(answer[0], { "content-type": "application/json" }).end(answer[1]);
  });
  servers.push(server);
  arrived[type] = [];
  return server;
}

/** Accepts the message, and cuts off the answer. */
function cutOff(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { "content-length": 100 });
  response.write("{", () => request.socket.resetAndDestroy());
}

/**
 * Records received changes. Where an outcome is unknown, a repeat in the repeated run of the hour, or in
 * the second attempt, is not counted again.
 */
function listening(receiver: Receiver): Receiver {
  const peer = PEERS[receiver.name as keyof typeof PEERS] as Peer | undefined;
  const note = (covers: readonly Change[]): void => {
    const isUnknown = hour === DISK_FULL_AT || (peer !== undefined && isDown(peer));
    for (const { event, finding } of covers) {
      const line = `${hour} ${event} ${finding.regionId}`;
      if (!isUnknown || arrived[receiver.name]?.includes(line) === false) {
        arrived[receiver.name]?.push(line);
      }
    }
  };
  return {
    ...receiver,
    async send(dispatch) {
      const { covers } = dispatch.message;
      if (peer?.instead === "cut" && isDown(peer)) note(covers);
      const status = await receiver.send(dispatch);
      note(covers);
      return status;
    },
  };
}

function isInScope(regionId: string): boolean {
  if (hour === NARROWED_AT) return regionId === "cn-a";
  const [from, to] = UNSCOPED[regionId] ?? [HOURS, HOURS];
  return hour < from || hour >= to;
}

function reportAt(runId: string, atMs: number): Report {
  const regionIds = Object.keys(REGIONS).filter(isInScope);
  const statuses = regionIds.map((regionId): Status => {
    const phase = REGIONS[regionId]?.find(([, from, to]) => hour >= from && hour < to);
    return phase?.[0] ?? "COMPLIANT";
  });
  const report = reportWith(statuses);
  const named = report.findings.map((finding, index) => ({
    ...finding,
    regionId: String(regionIds[index]),
  }));
  const at = new Date(atMs).toISOString();
  const exemptions = Object.keys(EXEMPT_FROM)
    .filter((regionId) => hour >= Number(EXEMPT_FROM[regionId]))
    .map(exemptionOf);
  const { findings } = applyExemptions(named, exemptions, at);
  return {
    ...report,
    runId,
    startedAt: at,
    finishedAt: at,
    scope: { ...report.scope, regions: regionIds },
    summary: summarize(findings),
    findings,
    ...(hour >= STS_DOWN[0] && hour < STS_DOWN[1] && { accountAssumed: true as const }),
  };
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "flowlog-guard-fortnight-"));
  const options = [];
  for (const [type, peer] of Object.entries(PEERS)) {
    const { origin } = await startPeer(type, peer);
    options.push({ type: type as ReceiverType, name: type, url: `${origin}/hook-path-5c21` });
  }
  const pager = await startLoopbackServer(async (request, response) => {
    const alerts = JSON.parse(await text(request)) as {
      labels: Record<string, string>;
      startsAt: string;
      endsAt: string;
    }[];
    const nowMs = BEGINNING_MS + hour * HOUR_MS;
    firing[hour] ??= alerts.map(({ labels, endsAt }) => {
      const over = Date.parse(endsAt) < nowMs + 60 * 60_000;
      return `${over ? "-" : ""}${labels["alertname"]} ${labels["region_id"]}`;
    });
    if (hour === 250) cutOff(request, response);
    else response.writeHead(200).end();
  });
  servers.push(pager);
  options.push({ type: "alertmanager" as const, name: "alertmanager", url: pager.origin });
  const receivers = createReceivers(options, DIRECT).map(listening);

  const file = join(dir, "state.json");
  for (hour = 0; hour < HOURS; hour += 1) {
    if (hour === STATE_LOST_AT) await rm(file);
    const recorded = recordedAt(hour);
    if (recorded !== null) await copyFile(recorded, file);
    for (const minute of [0, 1]) {
      const atMs = BEGINNING_MS + hour * HOUR_MS + minute * 60_000;
      const clock = (): Date => new Date(atMs);
      const store = openFileState(file, clock);
      const options = {
        loadCards: loadRules,
        policy: POLICY,
        store: hour === DISK_FULL_AT ? fullAfter(1, store) : store,
        clock,
        retryPolicy: QUICK,
        wholeScope: hour !== NARROWED_AT,
      };
      const report = reportAt(`run-${hour}`, atMs);
      const { undelivered, warnings } = await raiseAlert(report, receivers, options);
      surprises.push(...undelivered, ...(hour === DISK_FULL_AT ? [] : warnings));
    }
  }
}, 60_000);

afterAll(async () => {
  for (const server of servers) await server.stop();
  await rm(dir, { recursive: true });
});

test("in a fortnight, no run has a warning or a failure", () => {
  expect(surprises).toEqual([]);
});

function byHour(a: string, b: string): number {
  return Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1);
}

describe("in a fortnight, each receiver gets exactly the expected changes:", () => {
  test.each(Object.entries(PEERS))("%s", (type, { otherwise = {} }) => {
    const expected = NOTIFIED.flatMap((entry) => otherwise[entry] ?? entry);
    expect(arrived[type]?.toSorted(byHour)).toEqual(expected.toSorted(byHour));
  });

  test("an Alertmanager gets what is open in every run, and each end once", () => {
    const [open, unreadable] = ["VpcFlowLogNotActivated", "VpcFlowLogStatusUnreadable"];
    expect(firing[9]).toBeUndefined();
    expect(firing[11]).toEqual([`${open} cn-b`]);
    expect(firing[25]).toEqual([`${open} cn-b`, `${open} cn-h`, `${unreadable} cn-i`]);
    // An unscoped alert ends.
    expect(firing[52]).toEqual([
      `${open} cn-b`,
      `${open} cn-c`,
      `-${open} cn-h`,
      `-${unreadable} cn-i`,
    ]);
    expect(firing[53]).toEqual(firing[55]);
    expect(firing[70]).toBeUndefined();
    expect(firing[55]).toEqual([`${open} cn-b`, `${open} cn-c`]);
    expect(firing[60]).toEqual([`${open} cn-b`, `-${open} cn-c`]);
    expect(firing[61]).toEqual([`${open} cn-b`]);
    expect(firing[83]).toEqual([`${open} cn-b`, `${unreadable} cn-d`]);
    // Unreadable, so its open alert lasts.
    expect(firing[165]).toEqual([`${open} cn-e`, `${unreadable} cn-e`]);
    // An exempt alert ends, and fires again when the exemption ends.
    expect(firing[100]).toEqual([`-${open} cn-b`, `${unreadable} cn-d`, `-${open} cn-f`]);
    expect(firing[101]).toEqual([`${unreadable} cn-d`]);
    expect(firing[112]).toEqual([`${unreadable} cn-d`, `-${open} cn-j`]);
    expect(firing[113]).toEqual([`${unreadable} cn-d`]);
    expect([firing[120], firing[121]]).toEqual([undefined, undefined]);
    expect(firing[122]).toEqual([`-${unreadable} cn-d`, `-${open} cn-j`]);
    expect(firing[123]).toBeUndefined();
    expect(firing[216]).toEqual([`${open} cn-c`, `${open} cn-f`]);
    expect(firing[190]).toEqual([`${open} cn-g`]);
    expect(firing[191]).toEqual([`-${open} cn-g`]);
    // Its answer was cut off.
    expect(firing[250]).toEqual([`${open} cn-c`, `-${open} cn-f`]);
    expect(firing[251]).toEqual([`${open} cn-c`, `-${open} cn-f`]);
    expect(firing[252]).toEqual([`${open} cn-c`]);
    expect(firing[301]).toBeUndefined();
  });
});
