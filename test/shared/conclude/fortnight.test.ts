import { mkdtemp, rm } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { applyExemptions, type Exemption } from "../../../shared/audit/exemption.ts";
import type { Status } from "../../../shared/audit/finding.ts";
import { type Report, summarize } from "../../../shared/audit/report.ts";
import type { Receiver, ReceiverType } from "../../../shared/notify/receiver.ts";
import { createReceivers } from "../../../shared/notify/receivers.ts";
import { raiseAlert } from "../../../shared/conclude/raise-alert.ts";
import { openState } from "../../../shared/state/open-state.ts";
import { reportWith } from "../../harness/report-with.ts";
import { type LoopbackServer, startLoopbackServer } from "../../loopback-server.ts";

/**
 * A fortnight of hourly runs, each repeated a minute later as Function Compute repeats a run, on a
 * clock of its own, with real receivers over HTTP and a state in a file. What each receiver is to be
 * told is written out below, hour by hour.
 */
const HOURS = 336;
const STATE_LOST_AT = 230;
const BEGINNING_MS = Date.parse("2026-12-01T00:00:00Z");
const HOUR_MS = 3_600_000;
const POLICY = { repeatAfterMs: 24 * HOUR_MS, blindAfter: 2, summaryEveryMs: null };
const QUICK = { maxAttempts: 2, baseDelayMs: 1, maxDelayMs: 1 };

/** What each region answers at an hour; compliant where nothing else is said. */
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
  };

/** Agreed on at hour 100; its last day ends with hour 215. */
const EXEMPTION: Exemption = {
  region: "cn-f",
  account: "*",
  owner: "net-team",
  reason: "moving out",
  expires: "2026-12-09",
  warnsFrom: "2026-12-02",
};
const EXEMPT_FROM = 100;

/** What a receiver is told that is always there. */
const TOLD: readonly string[] = [
  "10 opened cn-b",
  "34 reminder cn-b",
  "50 opened cn-c",
  "58 reminder cn-b",
  "60 resolved cn-c",
  // One run that did not read cn-d, at 30, is no news; the second in a row, at 81, is.
  "81 blind cn-d",
  "82 reminder cn-b",
  "90 opened cn-f",
  "100 resolved cn-b",
  "105 reminder cn-d",
  "120 readable cn-d",
  "150 opened cn-e",
  "161 blind cn-e",
  "170 readable cn-e",
  "171 resolved cn-e",
  "200 opened cn-c",
  // The exemption is over, and cn-f still not activated.
  "216 reminder cn-f",
  "224 reminder cn-c",
  // The state is lost: what is open is told once more, and nothing else.
  "230 opened cn-c",
  "230 opened cn-f",
  "250 resolved cn-f",
  "254 reminder cn-c",
  "278 reminder cn-c",
  "300 resolved cn-c",
];

interface Peer {
  /** How it says that it has taken a message. */
  readonly ok: readonly [status: number, body: string];
  /** When it does not, and what it does instead. */
  readonly down?: readonly [from: number, to: number];
  readonly instead?: readonly [status: number, body: string] | "reset";
  /** What differs for it from {@link TOLD}: an entry that it does not get, or gets in another hour. */
  readonly otherwise?: Readonly<Record<string, string | null>>;
}

const PEERS: Readonly<Record<Exclude<ReceiverType, "alertmanager">, Peer>> = {
  webhook: { ok: [204, ""] },
  dingtalk: { ok: [200, '{"errcode":0,"errmsg":"ok"}'] },
  feishu: {
    ok: [200, '{"code":0,"msg":"success"}'],
    down: [95, 101],
    instead: [200, '{"code":11232,"msg":"frequency limited"}'],
    otherwise: { "100 resolved cn-b": "101 resolved cn-b" },
  },
  wecom: {
    ok: [200, '{"errcode":0,"errmsg":"ok"}'],
    down: [50, 55],
    instead: [200, '{"errcode":45009,"errmsg":"api freq out of limit"}'],
    otherwise: { "50 opened cn-c": "55 opened cn-c" },
  },
  slack: {
    ok: [200, "ok"],
    down: [150, 172],
    instead: "reset",
    // It was all over when it came back: it had not been told, so there is nothing to take back.
    otherwise: {
      "150 opened cn-e": null,
      "161 blind cn-e": null,
      "170 readable cn-e": null,
      "171 resolved cn-e": null,
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
/** News that reached nobody, and warnings: there are to be none. */
const surprises: unknown[] = [];
let dir: string;
const servers: LoopbackServer[] = [];
const accepted: Record<string, string[]> = {};
/** What the Alertmanager was sent, hour by hour, as `alertname region`, or `-` before one that has ended. */
const firing: Record<number, string[]> = {};

function isDown({ down }: Peer): boolean {
  return down !== undefined && hour >= down[0] && hour < down[1];
}

async function startPeer(type: string, peer: Peer): Promise<LoopbackServer> {
  const server = await startLoopbackServer(async (request, response) => {
    await text(request);
    const [status, body] =
      isDown(peer) && peer.instead !== "reset" ? (peer.instead ?? peer.ok) : peer.ok;
    if (isDown(peer) && peer.instead === "reset") request.socket.resetAndDestroy();
    else response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  servers.push(server);
  accepted[type] = [];
  return server;
}

/** Writes down what is accepted, as the receiver itself judges it. */
function listening(receiver: Receiver): Receiver {
  return {
    ...receiver,
    async send(dispatch) {
      const status = await receiver.send(dispatch);
      for (const { event, finding } of dispatch.message.covers) {
        accepted[receiver.name]?.push(`${hour} ${event} ${finding.regionId}`);
      }
      return status;
    },
  };
}

function reportAt(runId: string, atMs: number): Report {
  const statuses = Object.values(REGIONS).map(
    (phases): Status =>
      phases.find(([, from, to]) => hour >= from && hour < to)?.[0] ?? "COMPLIANT",
  );
  const report = reportWith(statuses);
  const regionIds = Object.keys(REGIONS);
  const named = report.findings.map((finding, index) => ({
    ...finding,
    regionId: String(regionIds[index]),
  }));
  const at = new Date(atMs).toISOString();
  const exemptions = hour >= EXEMPT_FROM ? [EXEMPTION] : [];
  const { findings } = applyExemptions(named, exemptions, at);
  return {
    ...report,
    runId,
    startedAt: at,
    finishedAt: at,
    scope: { ...report.scope, regions: regionIds },
    summary: summarize(findings),
    findings,
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
    response.writeHead(200).end();
  });
  servers.push(pager);
  options.push({ type: "alertmanager" as const, name: "alertmanager", url: pager.origin });
  const receivers = createReceivers(options).map(listening);

  const file = join(dir, "state.json");
  for (hour = 0; hour < HOURS; hour += 1) {
    if (hour === STATE_LOST_AT) await rm(file);
    for (const minute of [0, 1]) {
      const atMs = BEGINNING_MS + hour * HOUR_MS + minute * 60_000;
      const clock = (): Date => new Date(atMs);
      const store = openState(
        { kind: "file", path: file },
        { credentials: null, regionId: null, inFunctionCompute: false, endpoint: null, clock },
      );
      const options = { policy: POLICY, store, clock, retryPolicy: QUICK };
      const { unheard, warnings } = await raiseAlert(
        reportAt(`run-${hour}`, atMs),
        receivers,
        options,
      );
      surprises.push(...unheard, ...warnings);
    }
  }
}, 60_000);

afterAll(async () => {
  for (const server of servers) await server.stop();
  await rm(dir, { recursive: true });
});

test("in a fortnight, no run has anything to complain of", () => {
  expect(surprises).toEqual([]);
});

describe("in a fortnight, each receiver is told exactly", () => {
  test.each(Object.entries(PEERS))("%s", (type, { otherwise = {} }) => {
    const expected = TOLD.map((entry) => (entry in otherwise ? otherwise[entry] : entry));
    const hourOf = (entry: string): number => Number.parseInt(entry, 10);
    expect(accepted[type]).toEqual(
      expected
        .filter((entry) => typeof entry === "string")
        .toSorted((a, b) => hourOf(a) - hourOf(b)),
    );
  });

  test("an Alertmanager in every run what is open, and once that it is over", () => {
    const [open, blind] = ["VpcFlowLogNotActivated", "VpcFlowLogStatusUnreadable"];
    expect(firing[9]).toBeUndefined();
    expect(firing[11]).toEqual([`${open} cn-b`]);
    expect(firing[55]).toEqual([`${open} cn-b`, `${open} cn-c`]);
    expect(firing[60]).toEqual([`${open} cn-b`, `-${open} cn-c`]);
    expect(firing[61]).toEqual([`${open} cn-b`]);
    expect(firing[83]).toEqual([`${open} cn-b`, `${blind} cn-d`]);
    // Not readable, and so still open as far as anybody knows.
    expect(firing[165]).toEqual([`${open} cn-e`, `${blind} cn-e`]);
    expect(firing[110]).toEqual([`${blind} cn-d`]);
    expect(firing[301]).toBeUndefined();
  });
});
